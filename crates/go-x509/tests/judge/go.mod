module judge

go 1.20
