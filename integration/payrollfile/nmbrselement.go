package payrollfile

// element is what an element of transaction XML means by its name.
type element int

const (
	otherElement element = iota
	transactionsElement
	transactionElement
	headerElement
	periodElement
	dateElement
	linesElement
	lineElement
	dim1Element
	dim2Element
	dim3Element
	valueElement
	sideElement
	textElement
	elements // how many there are
)

func elementOf(name []byte) element {
	switch string(name) {
	case "transactions":
		return transactionsElement
	case "transaction":
		return transactionElement
	case "header":
		return headerElement
	case "period":
		return periodElement
	case "date":
		return dateElement
	case "lines":
		return linesElement
	case "line":
		return lineElement
	case "dim1":
		return dim1Element
	case "dim2":
		return dim2Element
	case "dim3":
		return dim3Element
	case "value":
		return valueElement
	case "debitcredit":
		return sideElement
	case "description":
		return textElement
	}
	return otherElement
}

// texts keeps one copy of most of the texts that come again, in room that does
// not grow.
type texts [512]string

// of is the text of these bytes.
func (t *texts) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	h := uint32(2166136261) // FNV-1a
	for _, c := range b {
		h = (h ^ uint32(c)) * 16777619
	}
	kept := &t[(h^h>>16)%uint32(len(t))]
	if *kept != string(b) {
		*kept = string(b)
	}
	return *kept
}
