#!/bin/sh
#
# Runs K2HR3's web application, which trusts the REST API by the system's own authority.
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}

HOME_DIR=$(find "${K2HR3_MODULES:-/usr}" -type d \( -name k2hr3-app -o -name k2hr3_app \) -path '*/node_modules/*' 2>/dev/null | head -n 1)
if [ -z "${HOME_DIR}" ]; then
	echo "[ERROR] There is no k2hr3-app in this image." 1>&2
	exit 1
fi
mkdir -p "${HOME_DIR}/config"
cp "${K2HR3_CONFIG_DIR:-/secret-config}/k2hr3-app-production.json" "${HOME_DIR}/config/production.json" || exit 1
NODE_EXTRA_CA_CERTS="${ETC_DIR}/ca.crt"
export NODE_EXTRA_CA_CERTS
exec "${HOME_DIR}/bin/run.sh" --production -fg
