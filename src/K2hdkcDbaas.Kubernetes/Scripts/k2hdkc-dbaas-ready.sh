#!/bin/sh
#
# Whether the node is in service and moves no data.
#
ETC_DIR=${ANTPICKAX_ETC_DIR:-/etc/antpickax}
STATE=$(chmpxstatus -conf "${ETC_DIR}/server.ini" -self 2>/dev/null | tr -d ' ') || exit 1
case "${STATE}" in
	*"[Pending]"* | *"[Doing]"*) exit 1 ;;
	*"[SERVICEIN]"*) exit 0 ;;
esac
exit 1
