#!/bin/bash
# Programs in Java connect to etcd. CONTRIBUTING.md says what is asked of a driver.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

# FOLDER POM: its jars, and the drivers compiled against them.
jars() {
	[ -e "$LIBRARIES/$1/ready" ] && return
	mvn -q -B -f "$here/$2" dependency:copy-dependencies -DoutputDirectory="$LIBRARIES/$1/jars"
	javac --release 17 -cp "$LIBRARIES/$1/jars/*" -d "$LIBRARIES/$1/classes" "$here"/Http.java "$here/$3"
	touch "$LIBRARIES/$1/ready"
}

# FOLDER CLASS: runs it, without what a call went through.
run() {
	java -cp "$LIBRARIES/$1/classes:$LIBRARIES/$1/jars/*" "$2" 2>&1 | grep -vE '^\s+(at |\.\.\. )' || true
	return "${PIPESTATUS[0]}"
}

case $1 in
install)
	jars jetcd jetcd.pom.xml Jetcd.java
	jars shaded shaded.pom.xml Shaded.java
	if [ ! -e "$LIBRARIES/tcnative/ready" ]; then
		mkdir -p "$LIBRARIES/tcnative"
		mvn -q -B -f "$here/tcnative.pom.xml" dependency:copy-dependencies -DoutputDirectory="$LIBRARIES/tcnative"
		touch "$LIBRARIES/tcnative/ready"
	fi
	;;
install-lines) ;;
clients)
	java=$(java -version 2>&1 | sed -n 's/.*"\(.*\)".*/\1/p;q')
	echo "java-httpclient OpenJDK $java java.net.http"
	echo "java-httpsurl OpenJDK $java HttpsURLConnection"
	echo "java-jetcd-jsse jetcd-core 0.8.5"
	echo "java-jetcd-tcnative jetcd-core 0.8.5, tcnative-boringssl 2.0.70"
	echo "java-grpc-netty-shaded grpc-netty-shaded 1.85.1"
	;;
speak)
	set +e
	case $2 in
	java-httpclient) WHICH=client run jetcd Http ;;
	java-httpsurl) WHICH=url run jetcd Http ;;
	java-jetcd-jsse) run jetcd Jetcd ;;
	java-jetcd-tcnative)
		java -cp "$LIBRARIES/jetcd/classes:$LIBRARIES/tcnative/*:$LIBRARIES/jetcd/jars/*" Jetcd 2>&1 | grep -vE '^\s+(at |\.\.\. )'
		exit "${PIPESTATUS[0]}"
		;;
	java-grpc-netty-shaded) run shaded Shaded ;;
	esac
	;;
programs) printf '%s\n' jetcd java-stores ;;
lines)
	case $2 in
	jetcd)
		sed -e "/LINES/{r $3" -e 'd}' "$here/Lines.java.frame" >"$FOLDER/Lines.java"
		exec java -cp "$LIBRARIES/jetcd/jars/*" "$FOLDER/Lines.java"
		;;
	java-stores)
		cd "$FOLDER"
		# shellcheck source=/dev/null
		. "$3"
		WHICH=stores exec java -cp "$LIBRARIES/jetcd/classes" Http
		;;
	esac
	;;
esac
