module neighbours-under-test

go 1.26.0

toolchain go1.26.10

require (
	github.com/smallstep/certificates v0.30.2 // indirect
	github.com/smallstep/cli v0.30.2 // indirect
	go.uber.org/mock v0.6.0 // indirect
	golang.org/x/mod v0.33.0 // indirect
	golang.org/x/sync v0.20.0 // indirect
	golang.org/x/tools v0.42.0 // indirect
)
