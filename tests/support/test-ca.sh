#!/bin/sh
# SPDX-License-Identifier: MIT
# test-ca.sh DIRECTORY: makes a certificate authority and server certificates for tests; nothing of it is kept in the tree.
#   ca.pem                      the authority to trust
#   server.pem, server.key      for localhost, 127.0.0.1 and ::1
#   elsewhere.pem, .key         by the same authority, for elsewhere.example only
#   stranger-ca.pem             an authority that signed none of them
set -eu
dir=$1
mkdir -p "$dir"
cd "$dir"
make_ca() { # NAME SUBJECT
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$2" \
		-keyout "$1.key" -out "$1.pem" \
		-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
}
make_server() { # NAME ALTERNATIVE-NAMES
	openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
	printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$2" >"$1.ext"
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -extfile "$1.ext" -out "$1.pem"
	rm "$1.csr" "$1.ext"
}
{
	make_ca ca "Belltower test authority"
	make_ca stranger-ca "A stranger"
	make_server server DNS:localhost,IP:127.0.0.1,IP:::1
	make_server elsewhere DNS:elsewhere.example
} >openssl.log 2>&1 || { cat openssl.log >&2; exit 1; }
