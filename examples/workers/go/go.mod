module example.com/bellhop-worker

go 1.19
