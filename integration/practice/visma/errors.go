package visma

import (
	"fmt"
	"net/http"
	"strings"
)

// What the ERP was doing when it refused, as its messages say it.
const (
	creating  = "Error creating document."
	updating  = "Error updating document."
	releasing = "Error releasing document."
)

// breach is a broken business rule, in the ERP's words. Texts that Visma.net has
// been seen to give, or that its Acumatica base gives, are used as they are.
type breach string

func (b breach) Error() string { return string(b) }

// inField says a breach the way the ERP does for a field.
func inField(field, text string, args ...any) error {
	return breach(fmt.Sprintf("An error occurred during processing of the field %s : Error: %s", field, fmt.Sprintf(text, args...)))
}

// notFound is the ERP's word for a code it does not know.
func notFound(field, code string) error {
	return inField(field, "'%s' cannot be found in the system.", code)
}

// refused is the answer to a broken business rule.
func refused(doing, text string) answer {
	return answer{status: http.StatusBadRequest, json: message(doing + " Error: " + text)}
}

func message(text string) map[string]string {
	return map[string]string{"message": "VismaId: " + newID() + ". " + text}
}

// malformed is the answer to a request that the document does not allow.
func malformed(err error) *answer {
	reason, _, _ := strings.Cut(err.Error(), "\n")
	return &answer{status: http.StatusBadRequest, json: message("The request is invalid. " + reason)}
}

// gatewayError is an error of the gateway in front of the ERP.
func gatewayError(status int, code, text string) answer {
	return answer{status: status, json: map[string]string{
		"ExceptionType":      "IPPException",
		"ExceptionMessage":   text,
		"ExceptionFaultCode": code,
		"ExceptionMessageID": code + "_" + newID(),
		"ExceptionDetails":   "",
	}}
}

func unauthorized() answer {
	return answer{status: http.StatusUnauthorized, header: map[string]string{"WWW-Authenticate": `Bearer error="invalid_token"`}}
}

func notThere() answer {
	return answer{status: http.StatusNotFound, json: message("The resource was not found.")}
}

func changedMeanwhile() answer {
	return answer{status: http.StatusPreconditionFailed, json: message("The resource was changed by somebody else.")}
}

func broken() answer {
	return answer{status: http.StatusInternalServerError, json: message("An error has occurred.")}
}

// refuseCommon gives the common faults the form they have at Visma.net.
func (s *Server) refuseCommon(w http.ResponseWriter, status int) {
	switch status {
	case http.StatusUnauthorized:
		unauthorized().send(w)
	case http.StatusTooManyRequests:
		answer{status: status, json: message("Same request made too many times")}.send(w)
	default:
		broken().send(w)
	}
}
