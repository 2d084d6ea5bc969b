#!/bin/sh
#
# Runs K2HR3's REST API, once the slave chmpx beside it is in the ring.
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
INI_FILE="${ETC_DIR}/slave.ini"

TRY=0
until chmpxstatus -conf "${INI_FILE}" -self -wait -live up -ring slave -nosuspend -timeout 5 > /dev/null 2>&1; do
	TRY=$((TRY + 1))
	if [ "${TRY}" -gt 120 ]; then
		echo "[ERROR] chmpx does not come up." 1>&2
		exit 1
	fi
	sleep 2
done

HOME_DIR=$(find "${K2HR3_MODULES:-/usr}" -type d \( -name k2hr3-api -o -name k2hr3_api \) -path '*/node_modules/*' 2>/dev/null | head -n 1)
if [ -z "${HOME_DIR}" ]; then
	echo "[ERROR] There is no k2hr3-api in this image." 1>&2
	exit 1
fi
mkdir -p "${HOME_DIR}/config"
cp "${K2HR3_CONFIG_DIR:-/secret-config}/k2hr3-api-production.json" "${HOME_DIR}/config/production.json" || exit 1
exec "${HOME_DIR}/bin/run.sh" --production -fg
