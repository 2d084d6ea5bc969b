#!/bin/sh
#
# Runs chmpx. A newcomer first gives the others the time to read that it is there: one that starts before that is turned away, forms a ring
# of its own, and its keys are never merged.
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
MODE=${1:-$(sed -e 's|.*/||' "${ETC_DIR}/k2hr3-resource")}
INI_FILE="${ETC_DIR}/${MODE}.ini"
# Two of their looks, and the time to reload.
PATIENCE=${K2HDKC_JOIN_PATIENCE:-12}

CHILD=
finish()
{
	[ -z "${CHILD}" ] || kill -HUP "${CHILD}" 2>/dev/null
	exit 0
}
trap finish TERM INT

pause()
{
	sleep "$1" &
	wait $!
}

TRY=0
until [ -s "${INI_FILE}" ]; do
	TRY=$((TRY + 1))
	if [ "${TRY}" -gt 300 ]; then
		echo "[ERROR] There is no ${INI_FILE}." 1>&2
		exit 1
	fi
	pause 1
done

# The first configuration may have been read before K2HR3 knew this pod, and chmpx ends itself when it does not find itself.
# A pod of K2HR3 itself has no key there.
TRY=0
while [ -s "${ETC_DIR}/k2hr3-cuk" ] && ! sed -e 's/[[:space:]]//g' "${INI_FILE}" | grep -q -F -x "CUK=$(cat "${ETC_DIR}/k2hr3-cuk")"; do
	TRY=$((TRY + 1))
	if [ "${TRY}" -gt 60 ]; then
		echo "[WARNING] ${INI_FILE} does not list this pod." 1>&2
		break
	fi
	pause 1
done

SERVERS=$(grep -c '^[[:space:]]*\[SVRNODE\]' "${INI_FILE}")
if [ "${MODE}" = server ] && [ "${SERVERS}" -gt 1 ]; then
	pause "${PATIENCE}"
fi

chmpx -conf "${INI_FILE}" -d err &
CHILD=$!
wait "${CHILD}"
STATUS=$?
echo "[WARNING] chmpx has ended with ${STATUS}." 1>&2
exit "${STATUS}"
