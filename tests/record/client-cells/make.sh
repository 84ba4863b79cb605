# Makes the certificates of the refusals in the folder "$1", with OpenSSL 3: what has
# ended ended on 2026-11-26, what has not begun begins on 2026-12-03, or at "$2" and "$3".
set -euo pipefail
ENDED=${2:-261126151950Z} BEGINS=${3:-261203151950Z}
cd "$1"
S=(-config x.cnf)
cat > x.cnf <<'C'
[ca]
default_ca=d
[d]
database=index
serial=serial
new_certs_dir=.
default_md=sha256
policy=p
unique_subject=no
copy_extensions=none
default_crl_days=3650
crlnumber=crlnumber
[p]
commonName=supplied
[req]
distinguished_name=dn
prompt=no
[dn]
CN=x
[v3_ca]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[both]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=IP:127.0.0.1,DNS:localhost
authorityKeyIdentifier=keyid
[selfsigned]
basicConstraints=critical,CA:true
subjectKeyIdentifier=hash
subjectAltName=IP:127.0.0.1,DNS:localhost
[nosan]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
authorityKeyIdentifier=keyid
[otherip]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=IP:10.9.8.7
authorityKeyIdentifier=keyid
[otherdns]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:etcd.example.com
authorityKeyIdentifier=keyid
[wrongserver]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=clientAuth
subjectAltName=IP:127.0.0.1,DNS:localhost
authorityKeyIdentifier=keyid
[any]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=anyExtendedKeyUsage
subjectAltName=IP:127.0.0.1,DNS:localhost
authorityKeyIdentifier=keyid
[v3_ca_any]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=anyExtendedKeyUsage
subjectKeyIdentifier=hash
[v3_ca_named]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
nameConstraints=critical,permitted;DNS:example.com,permitted;IP:127.0.0.0/255.0.0.0
subjectKeyIdentifier=hash
[nohost]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=IP:127.0.0.1
authorityKeyIdentifier=keyid
[policies]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
certificatePolicies=critical,1.3.6.1.4.1.99999.1
subjectAltName=IP:127.0.0.1,DNS:localhost
authorityKeyIdentifier=keyid
[usages]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=critical,serverAuth,clientAuth
subjectAltName=IP:127.0.0.1,DNS:localhost
authorityKeyIdentifier=keyid
[v3_ca_lax]
basicConstraints=CA:true
[unidentified]
authorityKeyIdentifier=none
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=IP:127.0.0.1,DNS:localhost
[v3_ca_policies]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
certificatePolicies=critical,1.3.6.1.4.1.99999.1
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[v3_ca_usages]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
extendedKeyUsage=critical,serverAuth,clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[wildcard]
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth,clientAuth
subjectAltName=DNS:*.test
authorityKeyIdentifier=keyid
[client]
keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth
[clientserver]
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
C
: > index; echo 1000 > serial; echo 01 > crlnumber
key(){ openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out $1.key 2>/dev/null; }
FROM=261101000000Z; TO=361101000000Z
ca(){ [ -e $1.key ] || key $1; openssl req "${S[@]}" -new -key $1.key -subj "/CN=$2" -out $1.csr
 openssl ca "${S[@]}" -batch -notext -selfsign -in $1.csr -keyfile $1.key -extensions ${3:-v3_ca} -startdate $FROM -enddate $TO -out $1.crt 2>/dev/null; }
leaf(){ # name cn ext ca start end
 [ -e $1.key ] || key $1
 openssl req "${S[@]}" -new -key $1.key -subj "/CN=$2" -out $1.csr
 openssl ca "${S[@]}" -batch -notext -in $1.csr -cert $4.crt -keyfile $4.key -extensions $3 -startdate ${5:-$FROM} -enddate ${6:-$TO} -out $1.crt 2>/dev/null; }
ca ca ETCD-CA; ca otherca OTHER-CA; ca sameca ETCD-CA
leaf server etcd both ca
leaf server-nosan 127.0.0.1 nosan ca
leaf server-ip etcd otherip ca
leaf server-dns etcd otherdns ca
leaf server-expired etcd both ca $FROM $ENDED
leaf server-early etcd both ca $BEGINS $TO
leaf server-client etcd wrongserver ca
leaf client root client ca
leaf alice alice client ca
leaf client-unknown root client otherca
leaf client-same root client sameca
leaf client-expired root client ca $FROM $ENDED
leaf client-early root client ca $BEGINS $TO
leaf client-server root clientserver ca
leaf client-revoked root client ca
for n in client client-unknown client-same client-expired client-early client-server client-revoked; do openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec-$n.key; done
leaf ec-client root client ca
leaf ec-client-unknown root client otherca
leaf ec-client-same root client sameca
leaf ec-client-expired root client ca $FROM $ENDED
leaf ec-client-early root client ca $BEGINS $TO
leaf ec-client-server root clientserver ca
leaf ec-client-revoked root client ca
# Where clients differ: an intermediate, a server that is a CA itself, P-521 and Ed25519.
key intermediate
openssl req "${S[@]}" -new -key intermediate.key -subj "/CN=ETCD-INTERMEDIATE" -out intermediate.csr
openssl ca "${S[@]}" -batch -notext -in intermediate.csr -cert ca.crt -keyfile ca.key -extensions v3_ca -startdate $FROM -enddate $TO -out intermediate.crt 2>/dev/null
leaf server-below etcd both intermediate
cat intermediate.crt >> server-below.crt
# Where clients differ on what Go takes.
leaf server-any etcd any ca
leaf server-policies etcd policies ca
leaf server-usages etcd usages ca
leaf server-wildcard etcd wildcard ca
leaf server-unidentified etcd unidentified ca
ca laxca ETCD-LAX v3_ca_lax
leaf server-by-lax etcd both laxca
for kind in any named policies usages; do
 key intermediate-$kind
 openssl req "${S[@]}" -new -key intermediate-$kind.key -subj "/CN=ETCD-$kind" -out intermediate-$kind.csr
 openssl ca "${S[@]}" -batch -notext -in intermediate-$kind.csr -cert ca.crt -keyfile ca.key -extensions v3_ca_$kind -startdate $FROM -enddate $TO -out intermediate-$kind.crt 2>/dev/null
done
leaf server-below-any etcd both intermediate-any
cat intermediate-any.crt >> server-below-any.crt
leaf server-below-named etcd.other.test nohost intermediate-named
cat intermediate-named.crt >> server-below-named.crt
for kind in policies usages; do
 leaf server-below-$kind etcd both intermediate-$kind
 cat intermediate-$kind.crt >> server-below-$kind.crt
done
key server-authority
openssl req "${S[@]}" -new -key server-authority.key -subj "/CN=etcd" -out server-authority.csr
openssl ca "${S[@]}" -batch -notext -selfsign -in server-authority.csr -keyfile server-authority.key -extensions selfsigned -startdate $FROM -enddate $TO -out server-authority.crt 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out server-p521.key
leaf server-p521 etcd both ca
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out client-p521.key
leaf client-p521 root client ca
for name in server client; do
 openssl genpkey -algorithm ED25519 -out $name-ed25519.key
done
leaf server-ed25519 etcd both ca
leaf client-ed25519 root client ca
openssl genpkey -algorithm ED25519 -out ed25519ca.key
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out p521ca.key
for kind in ed25519 p521; do
 ca ${kind}ca ETCD-${kind^^}
 leaf server-by-$kind etcd both ${kind}ca
done
# The gateway shows etcd's own certificate to etcd.
for each in laxca ed25519ca p521ca; do cat ca.crt $each.crt > with-$each.crt; done
openssl ca "${S[@]}" -revoke client-revoked.crt -cert ca.crt -keyfile ca.key 2>/dev/null
openssl ca "${S[@]}" -revoke ec-client-revoked.crt -cert ca.crt -keyfile ca.key 2>/dev/null
openssl ca "${S[@]}" -gencrl -cert ca.crt -keyfile ca.key -out crl.pem 2>/dev/null
openssl crl -in crl.pem -outform DER -out revoked.crl
openssl pkey -in client.key -aes256 -passout pass:secret -out client-enc.key
openssl pkey -in ec-client.key -aes256 -passout pass:secret -out ec-client-enc.key
echo "not a certificate" > notpem.crt
rm -f ./*.csr index* serial* crlnumber* 10*.pem x.cnf crl.pem server-*.key.tmp otherca.key sameca.key ca.key ed25519ca.key p521ca.key laxca.key intermediate*.key intermediate-*.crt
