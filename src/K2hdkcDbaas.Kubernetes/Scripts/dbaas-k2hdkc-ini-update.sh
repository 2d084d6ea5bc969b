#!/bin/sh
#
# Keeps the node's configuration as K2HR3 has it. A changed one is put in place by renaming: chmpx ends itself when it reads half a file.
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
INTERVAL=${K2HDKC_POLL_INTERVAL:-5}

CA_FILE="${ETC_DIR}/k2hr3-ca.crt"
[ -r "${CA_FILE}" ] || CA_FILE="${ETC_DIR}/ca.crt"
API_URL=$(cat "${ETC_DIR}/k2hr3-api-url")
RESOURCE=$(cat "${ETC_DIR}/k2hr3-resource")
CUK=$(cat "${ETC_DIR}/k2hr3-cuk")
TARGET="${ETC_DIR}/${RESOURCE##*/}.ini"
ANSWER="${ETC_DIR}/.answer"
NEW="${ETC_DIR}/.ini"

# What counts: all but the date, leading blanks and empty lines.
essence()
{
	sed -e 's/^[[:space:]]*//' -e '/^DATE[[:space:]]*=/d' -e '/^$/d' "$1"
}

fetch()
{
	printf 'header = "x-auth-token: R=%s"\n' "$(cat "${ETC_DIR}/k2hr3-role-token")" |
		curl -s -S -f -K - --cacert "${CA_FILE}" --max-time 30 -o "${ANSWER}" "${API_URL}/v1/resource/${RESOURCE}" || return 1
	grep -q '"result"[[:space:]]*:[[:space:]]*true' "${ANSWER}" || return 1
	# The one string member "resource": its escapes become characters, its placeholders this pod's own.
	sed -n -e 's/.*"resource"[[:space:]]*:[[:space:]]*"\(\([^"\\]\|\\.\)*\)".*/\1/p' "${ANSWER}" |
		awk '{ n = length($0); for (i = 1; i <= n; i++) { c = substr($0, i, 1); if (c != "\\") { printf "%s", c; continue } i++; c = substr($0, i, 1); if (c == "n") printf "\n"; else if (c == "t") printf "\t"; else if (c != "r") printf "%s", c } }' |
		sed -e "s|%%FILE_DOWNLOAD_DATE%%|$(date -R 2>/dev/null || date)|g" -e "s|%%SELF_CONTAINER_CUK%%|${CUK}|g" > "${NEW}"
	grep -q '^[[:space:]]*\[GLOBAL\]' "${NEW}"
}

trap 'exit 0' TERM INT
while true; do
	if fetch; then
		if [ ! -f "${TARGET}" ] || [ "$(essence "${TARGET}")" != "$(essence "${NEW}")" ]; then
			mv -f "${NEW}" "${TARGET}"
			echo "[INFO] A new configuration is in place."
		fi
	else
		echo "[WARNING] K2HR3 does not give ${RESOURCE}." 1>&2
	fi
	rm -f "${ANSWER}" "${NEW}"
	sleep "${INTERVAL}" &
	wait $!
done
