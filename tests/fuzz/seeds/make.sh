#!/bin/sh
# How the files beside this one were made, by OpenSSL 3.0: forms that the page itself does
# not write, under the passphrase `x` that one round stretches.
set -e
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
key=$folder/key.pem

openssl genrsa -out "$key" 2048
openssl pkcs8 -topk8 -nocrypt -in "$key" -outform DER -out rsa.key.der

openssl ecparam -name prime256v1 -genkey -noout -out "$key"
openssl req -x509 -new -key "$key" -subj "/O=team/CN=fuzz" -days 30000 -set_serial 1 \
    -addext "subjectAltName=DNS:localhost,IP:127.0.0.1" -out certificate.pem
openssl x509 -in certificate.pem -noout -text > certificate.txt
for cipher in aes256 des3 des; do
    openssl ec -in "$key" -$cipher -passout pass:x -out traditional-$cipher.pem
done

encrypt() {
    openssl pkcs8 -topk8 -in "$key" -passout pass:x -outform DER "$@"
}
encrypt -v2 aes-256-cbc -v2prf hmacWithSHA256 -iter 1 -out pbes2-aes.key.der
encrypt -v2 des3 -v2prf hmacWithSHA1 -iter 1 -out pbes2-des3.key.der
encrypt -v1 PBE-SHA1-3DES -iter 1 -out pkcs12-des3.key.der
encrypt -scrypt -scrypt_N 2 -scrypt_r 1 -scrypt_p 1 -out scrypt.key.der

export_as() {
    openssl pkcs12 -export -inkey "$key" -in certificate.pem -name fuzz -iter 1 "$@"
}
export_as -nomaciter -passout pass:x -out aes.p12
export_as -nomaciter -passout pass:x -legacy -out rc2.p12
export_as -nomac -passout pass:x -legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -out nomac.p12
export_as -nomac -passout pass: -keypbe NONE -certpbe NONE -out plain.p12
