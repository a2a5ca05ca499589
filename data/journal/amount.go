// Package journal is the payroll journal and its rules: amounts, periods,
// lines, transactions, and how a journal becomes one balanced booking per
// period.
//
// Most callers need two functions: [Split], which parts a journal by period
// without losing anything, and [Group], which adds up the lines of one period
// the way a target wants to see them. [Totals] proves that what came out
// balances.
//
// The package knows no accounting system, no file format and no database. It
// never rounds: amounts are whole cents from the first byte read to the last
// byte sent.
package journal

import (
	"errors"
	"fmt"
	"strings"
)

// Amount is a signed sum of money in cents of the company's currency. A
// positive amount is a debit, a negative one a credit.
type Amount int64

// MaxAmount is the largest amount of one line, in cents: ten digits before the
// decimal sign, as the narrowest target takes them (CASH field F0307, I12,2).
const MaxAmount Amount = 9_999_999_999_99

// Errors of [ParseAmount]; they are wrapped with the text that was refused.
var (
	ErrNotAnAmount    = errors.New("not an amount")
	ErrTooManyDigits  = errors.New("more than two decimals")
	ErrAmountTooLarge = errors.New("amount too large")
)

// ParseAmount reads a plain decimal with a point: "1234.56", "-0.5", "12". It
// refuses exponents, thousands separators, blanks inside, and a third decimal
// that is not zero, because each of them would be a guess about money.
func ParseAmount(s string) (Amount, error) {
	digits, negative := strings.CutPrefix(s, "-")
	if !negative {
		digits = strings.TrimPrefix(digits, "+")
	}
	whole, fraction, hasPoint := strings.Cut(digits, ".")
	if whole == "" || (hasPoint && fraction == "") {
		return 0, fmt.Errorf("%w: %q", ErrNotAnAmount, s)
	}
	cents := Amount(0)
	for i := range len(whole) {
		c := whole[i]
		if c < '0' || c > '9' {
			return 0, fmt.Errorf("%w: %q", ErrNotAnAmount, s)
		}
		cents = cents*10 + Amount(c-'0')
		if cents > MaxAmount/100 {
			return 0, fmt.Errorf("%w: %q", ErrAmountTooLarge, s)
		}
	}
	for i := range 2 {
		digit := Amount(0)
		if i < len(fraction) {
			if fraction[i] < '0' || fraction[i] > '9' {
				return 0, fmt.Errorf("%w: %q", ErrNotAnAmount, s)
			}
			digit = Amount(fraction[i] - '0')
		}
		cents = cents*10 + digit
	}
	for i := 2; i < len(fraction); i++ {
		switch c := fraction[i]; {
		case c < '0' || c > '9':
			return 0, fmt.Errorf("%w: %q", ErrNotAnAmount, s)
		case c != '0':
			return 0, fmt.Errorf("%w: %q", ErrTooManyDigits, s)
		}
	}
	if negative {
		cents = -cents
	}
	return cents, nil
}

// String writes the amount with a point and two decimals: "-1234.50". It is
// the form of files and JSON; screens use the form of their language.
func (a Amount) String() string {
	sign, cents := "", uint64(a)
	if a < 0 {
		sign, cents = "-", -uint64(a)
	}
	return fmt.Sprintf("%s%d.%02d", sign, cents/100, cents%100)
}

// Abs is the amount without its side.
func (a Amount) Abs() Amount {
	if a < 0 {
		return -a
	}
	return a
}

// MarshalText writes the form of [Amount.String].
func (a Amount) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads the form of [Amount.String] without the limit of a
// single line, so that totals can be read back too.
func (a *Amount) UnmarshalText(text []byte) error {
	s := string(text)
	whole, fraction, ok := strings.Cut(strings.TrimPrefix(s, "-"), ".")
	if !ok || len(fraction) != 2 || whole == "" || len(whole) > 16 {
		return fmt.Errorf("%w: %q", ErrNotAnAmount, s)
	}
	cents := Amount(0)
	for _, c := range whole + fraction {
		if c < '0' || c > '9' {
			return fmt.Errorf("%w: %q", ErrNotAnAmount, s)
		}
		cents = cents*10 + Amount(c-'0')
	}
	if s[0] == '-' {
		cents = -cents
	}
	*a = cents
	return nil
}
