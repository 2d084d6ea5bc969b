#!/bin/sh
#
# Puts the pod into its K2HR3 role (-reg, after the start) or takes it out of it (-del, before the end).
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}

value()
{
	cat "${ETC_DIR}/$1"
}

CA_FILE="${ETC_DIR}/k2hr3-ca.crt"
[ -r "${CA_FILE}" ] || CA_FILE="${ETC_DIR}/ca.crt"

if ! command -v curl > /dev/null 2>&1; then
	apk add --no-cache curl > /dev/null 2>&1 || true
fi
if ! command -v curl > /dev/null 2>&1; then
	echo "[ERROR] There is no curl in this image, and it cannot be installed." 1>&2
	exit 1
fi

URL="$(value k2hr3-register-url)/$(value k2hr3-role)?$(value k2hr3-apiarg)"

# The token goes in by a file that only this user can read, never as an argument that others can see.
call()
{
	if [ "$1" = PUT ]; then
		printf 'header = "x-auth-token: R=%s"\n' "$(value k2hr3-role-token)" | curl -s -S -K - -X PUT --cacert "${CA_FILE}" --max-time 10 -o /dev/null -w '%{http_code}' "${URL}"
	else
		curl -s -S -X DELETE --cacert "${CA_FILE}" --max-time 5 -o /dev/null -w '%{http_code}' "${URL}"
	fi
}

case "${1:-}" in
	-reg)
		TRY=0
		while [ "${TRY}" -lt 30 ]; do
			STATUS=$(call PUT)
			case "${STATUS}" in
				2*) exit 0 ;;
			esac
			echo "[WARNING] K2HR3 does not register this pod: HTTP status ${STATUS:-none}." 1>&2
			TRY=$((TRY + 1))
			sleep 2
		done
		exit 1
		;;
	-del)
		STATUS=$(call DELETE)
		case "${STATUS}" in
			2* | 404) exit 0 ;;
		esac
		echo "[WARNING] K2HR3 does not take this pod out of its role: HTTP status ${STATUS:-none}." 1>&2
		exit 1
		;;
	*)
		echo "[ERROR] Give -reg or -del." 1>&2
		exit 1
		;;
esac
