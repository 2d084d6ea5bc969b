#!/bin/sh
#
# First container of a pod of K2HR3: lays certificates and the ring's configuration where the other containers look for them.
#
set -eu

ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
CA_DIR=${SEC_CA_MOUNTPOINT:-/secret-ca}
CERTS_DIR=${SEC_CERTS_MOUNTPOINT:-/secret-certs}
CONFIG_DIR=${CONFIGMAP_MOUNTPOINT:-/configmap}
PATIENCE=${K2HR3_NAME_PATIENCE:-300}

fail()
{
	echo "[ERROR] $*" 1>&2
	exit 1
}

lay()
{
	[ -r "$1" ] || fail "There is no $1."
	rm -f "${ETC_DIR}/$2.new"
	cp "$1" "${ETC_DIR}/$2.new"
	chmod "$3" "${ETC_DIR}/$2.new"
	mv -f "${ETC_DIR}/$2.new" "${ETC_DIR}/$2"
}

for NAME in K2HR3_CERTIFICATE CHMPX_SELF_HOSTNAME; do
	eval "VALUE=\${${NAME}:-}"
	[ -n "${VALUE}" ] || fail "${NAME} is not set."
done
# Replicas of a StatefulSet have certificates of their own, those of a Deployment share one.
STEM="${CERTS_DIR}/${CHMPX_SELF_HOSTNAME}.${K2HR3_CERTIFICATE#*.}"
[ -r "${STEM}.server.crt" ] || STEM="${CERTS_DIR}/${K2HR3_CERTIFICATE}"

mkdir -p "${ETC_DIR}"
for FILE in "${CA_DIR}"/*_CA.crt; do lay "${FILE}" ca.crt 0444; done
for KIND in server client; do
	lay "${STEM}.${KIND}.crt" "${KIND}.crt" 0444
	lay "${STEM}.${KIND}.key" "${KIND}.key" 0400
done

MODE=$(printf '%s' "${CHMPX_MODE:-}" | tr '[:upper:]' '[:lower:]')
[ -n "${MODE}" ] || exit 0
lay "${CONFIG_DIR}/k2hr3-${MODE}.ini" "${MODE}.ini" 0444

# chmpx looks the servers up when it starts, and ends itself when one has no address yet.
for NAME in $(sed -n -e '/^\[SVRNODE\]/,/^$/s/^NAME[[:space:]]*=[[:space:]]*//p' "${ETC_DIR}/${MODE}.ini"); do
	TRY=0
	until nslookup "${NAME}" > /dev/null 2>&1; do
		TRY=$((TRY + 1))
		[ "${TRY}" -lt "${PATIENCE}" ] || fail "${NAME} has no address."
		sleep 1
	done
done
