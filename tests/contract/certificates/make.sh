#!/bin/sh
# Makes the files of this folder anew, in the working directory; needs the program openssl.
set -e
printf '[ca]\ndefault_ca=c\n[c]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n[root]\nbasicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n[here]\nsubjectAltName=DNS:localhost,IP:127.0.0.1\nauthorityKeyIdentifier=keyid\nextendedKeyUsage=serverAuth\n[elsewhere]\nsubjectAltName=DNS:elsewhere.example\nauthorityKeyIdentifier=keyid\nextendedKeyUsage=serverAuth\n' > ca.cnf
touch index.txt; echo 01 > serial
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; openssl req -new -key "$1.key" -subj "/CN=$1" -out "$1.csr"; }
sign() { openssl ca -batch -notext -config ca.cnf -in server.csr -cert authority.pem -keyfile authority.key -extensions "$2" -startdate "$3" -enddate "$4" -out "$1.pem"; }
key authority; key server
openssl ca -batch -notext -config ca.cnf -selfsign -in authority.csr -keyfile authority.key -extensions root -startdate 20200101000000Z -enddate 21200101000000Z -out authority.pem
sign valid here 20200101000000Z 21190630120000Z
sign expired here 20200101000000Z 20210101000000Z
sign elsewhere elsewhere 20200101000000Z 21190630120000Z
