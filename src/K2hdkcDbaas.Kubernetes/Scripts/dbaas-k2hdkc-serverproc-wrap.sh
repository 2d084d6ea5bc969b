#!/bin/sh
#
# Runs k2hdkc beside chmpx, and brings the node into service once. A node that was in service and is taken out of it stays out: whoever shrinks
# the ring has moved its data by then.
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
RUN_DIR=${ANTPICKAX_RUN_DIR:-/var/run/antpickax}
INI_FILE="${ETC_DIR}/server.ini"

CHILD=
WATCHER=
finish()
{
	[ -z "${WATCHER}" ] || kill "${WATCHER}" 2>/dev/null
	[ -z "${CHILD}" ] || kill -TERM "${CHILD}" 2>/dev/null
	[ -z "${CHILD}" ] || wait "${CHILD}"
	exit 0
}
trap finish TERM INT

pause()
{
	sleep "$1" &
	wait $!
}

self()
{
	chmpxstatus -conf "${INI_FILE}" -self 2>/dev/null
}

field()
{
	printf '%s\n' "$1" | sed -n -e "s/^[[:space:]]*$2[[:space:]]*=[[:space:]]*//p" | head -n 1
}

watch()
{
	while true; do
		sleep 10
		STATE=$(self)
		case "${STATE}" in
			*"[SERVICE IN]"* | *"[SERVICEIN]"*) return 0 ;;
			*Suspend*) case "${STATE}" in *NoSuspend*) ;; *) continue ;; esac ;;
		esac
		HOST=$(field "${STATE}" "hostname")
		CONTROL=$(field "${STATE}" "control port")
		NODE_CUK=$(field "${STATE}" "cuk")
		SEED=$(field "${STATE}" "custom id seed")
		[ -n "${HOST}" ] && [ -n "${CONTROL}" ] || continue
		printf 'servicein %s:%s:%s:%s:\nsleep 1\nstatusupdate\nexit\n' "${HOST}" "${CONTROL}" "${NODE_CUK}" "${SEED}" > "${RUN_DIR}/k2hdkc-servicein.cmd"
		chmpxlinetool -conf "${INI_FILE}" -run "${RUN_DIR}/k2hdkc-servicein.cmd" > /dev/null 2>&1
	done
}

TRY=0
until [ -s "${INI_FILE}" ] && { chmpxstatus -conf "${INI_FILE}" -self -wait -live up -ring serviceout -suspend > /dev/null 2>&1 || chmpxstatus -conf "${INI_FILE}" -self -wait -live up -ring servicein -suspend > /dev/null 2>&1; }; do
	TRY=$((TRY + 1))
	if [ "${TRY}" -gt 120 ]; then
		echo "[ERROR] chmpx does not come up." 1>&2
		exit 1
	fi
	pause 3
done

FILE=$(sed -n -e 's/^[[:space:]]*K2HFILE[[:space:]]*=[[:space:]]*//p' "${INI_FILE}" | head -n 1)
[ -z "${FILE}" ] || mkdir -p "$(dirname "${FILE}")"

watch &
WATCHER=$!
k2hdkc -conf "${INI_FILE}" -d err &
CHILD=$!
wait "${CHILD}"
STATUS=$?
kill "${WATCHER}" 2>/dev/null
echo "[WARNING] k2hdkc has ended with ${STATUS}." 1>&2
exit "${STATUS}"
