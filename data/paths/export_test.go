package paths

// DataFolder opens the choice of folder to its test.
var DataFolder = dataFolder
