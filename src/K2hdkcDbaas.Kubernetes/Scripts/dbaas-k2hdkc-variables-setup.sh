#!/bin/sh
#
# First container of a pod: finds out who the pod is, and lays token, role, key and certificates where the other containers look for them.
#
set -eu

ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
TOKEN_DIR=${SEC_K2HR3_TOKEN_MOUNTPOINT:-/secret-k2hr3-token}
CERTS_DIR=${SEC_CERTS_MOUNTPOINT:-/secret-certs}
YRN_PREFIX=${K2HR3_YRN_PREFIX:-yrn:yahoo:::}

fail()
{
	echo "[ERROR] $*" 1>&2
	exit 1
}

write()
{
	printf '%s' "$2" > "${ETC_DIR}/$1"
}

CLUSTER=${K2HKDC_CLUSTER_NAME:-${K2HDKC_CLUSTER_NAME:-}}
[ -n "${CLUSTER}" ] || fail "K2HKDC_CLUSTER_NAME is not set."
for NAME in K2HR3_API_URL K2HDKC_DOMAIN K2HDKC_MODE K2HDKC_NODE_NAME K2HDKC_POD_NAME K2HDKC_NAMESPACE K2HDKC_POD_IP K2HDKC_POD_SERVICE_ACCOUNT K2HDKC_NODE_IP K2HDKC_POD_ID; do
	eval "VALUE=\${${NAME}:-}"
	[ -n "${VALUE}" ] || fail "${NAME} is not set."
done

MODE=$(printf '%s' "${K2HDKC_MODE}" | tr '[:upper:]' '[:lower:]')
case "${MODE}" in
	server | slave) ;;
	*) fail "K2HDKC_MODE is '${K2HDKC_MODE}', not server or slave." ;;
esac

# K2HR3 wants every member to say something; which container this is, nobody asks. The pod's own id tells pods apart.
RANDOM_PART=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
CONTAINER_ID=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
CUK=$(printf '{"k8s_container_id":"%s","k8s_k2hr3_rand":"%s","k8s_namespace":"%s","k8s_node_ip":"%s","k8s_node_name":"%s","k8s_pod_id":"%s","k8s_pod_ip":"%s","k8s_pod_name":"%s","k8s_service_account":"%s"}' \
	"${CONTAINER_ID}" "${RANDOM_PART}" "${K2HDKC_NAMESPACE}" "${K2HDKC_NODE_IP}" "${K2HDKC_NODE_NAME}" "${K2HDKC_POD_ID}" "${K2HDKC_POD_IP}" \
	"${K2HDKC_POD_NAME}" "${K2HDKC_POD_SERVICE_ACCOUNT}" | base64 | tr -d '\n')
CUK_ENCODED=$(printf '%s' "${CUK}" | sed -e 's/+/-/g' -e 's|/|_|g' -e 's/=/%3d/g')
TENANT=${K2HR3_TENANT:-${K2HDKC_NAMESPACE}}
API_URL=${K2HR3_API_URL%/}

mkdir -p "${ETC_DIR}"
write k2hr3-api-url "${API_URL}"
write k2hr3-register-url "${API_URL}/v1/role"
write k2hr3-role "${YRN_PREFIX}${TENANT}:role:${CLUSTER}/${MODE}"
write k2hr3-resource "${YRN_PREFIX}${TENANT}:resource:${CLUSTER}/${MODE}"
write k2hr3-cuk "${CUK}"
write k2hr3-cukencode "${CUK_ENCODED}"
write k2hr3-apiarg "extra=k8s-auto-v1&cuk=${CUK_ENCODED}&tag=${K2HDKC_POD_NAME}"

[ -r "${TOKEN_DIR}/role-token-${MODE}" ] || fail "There is no ${TOKEN_DIR}/role-token-${MODE}."
write k2hr3-role-token "$(tr -d '\r\n' < "${TOKEN_DIR}/role-token-${MODE}")"

# A certificate stands under the pod's short name or under its full one; a node has all four files, or none.
lay()
{
	rm -f "${ETC_DIR}/$2.new"
	cp "$1" "${ETC_DIR}/$2.new"
	chmod "$3" "${ETC_DIR}/$2.new"
	mv -f "${ETC_DIR}/$2.new" "${ETC_DIR}/$2"
}

[ ! -r "${CERTS_DIR}/ca.crt" ] || lay "${CERTS_DIR}/ca.crt" ca.crt 0444
[ ! -r "${CERTS_DIR}/k2hr3-ca.crt" ] || lay "${CERTS_DIR}/k2hr3-ca.crt" k2hr3-ca.crt 0444
KIND=svr
[ "${MODE}" = server ] || KIND=slv
for STEM in "$(hostname -f 2>/dev/null || hostname)" "${K2HDKC_POD_NAME}.${KIND}svc-${CLUSTER}"; do
	COUNT=0
	for FILE in server.crt server.key client.crt client.key; do
		[ ! -r "${CERTS_DIR}/${STEM}.${FILE}" ] || COUNT=$((COUNT + 1))
	done
	[ "${COUNT}" -eq 4 ] || continue
	for FILE in server.crt client.crt; do lay "${CERTS_DIR}/${STEM}.${FILE}" "${FILE}" 0444; done
	for FILE in server.key client.key; do lay "${CERTS_DIR}/${STEM}.${FILE}" "${FILE}" 0400; done
	echo "[INFO] ${K2HDKC_POD_NAME} is a ${MODE} of ${CLUSTER}."
	exit 0
done
fail "${CERTS_DIR} has no certificates for ${K2HDKC_POD_NAME}.${KIND}svc-${CLUSTER}."
