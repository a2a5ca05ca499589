package store

// These open what only Linux has to its test.
var (
	IsNetworkType = isNetworkType
	OnNetwork     = onNetwork
)
