package cash

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// service is what the WSDL says of a SOAP service: how each operation is called. Namespaces, actions and the order of parts of CASH's API
// 3.0 are published nowhere else, so they are read and never assumed.
type service struct {
	operations map[string]operation // by name in lower case
}

// operation is how one operation is called.
type operation struct {
	address                 string // of its service
	name, namespace, action string
	parts                   []string // in the order of the message
}

var errWSDL = errors.New("not a WSDL of an RPC service")

// wsdlFile is WSDL 1.1 as far as it is read.
type wsdlFile struct {
	XMLName   xml.Name       `xml:"http://schemas.xmlsoap.org/wsdl/ definitions"`
	Namespace string         `xml:"targetNamespace,attr"`
	Messages  []wsdlMessage  `xml:"message"`
	Declared  []wsdlDeclared `xml:"portType>operation"`
	Bindings  []wsdlBinding  `xml:"binding"`
	Ports     []struct {
		Binding string `xml:"binding,attr"`
		Address struct {
			Location string `xml:"location,attr"`
		} `xml:"http://schemas.xmlsoap.org/wsdl/soap/ address"`
	} `xml:"service>port"`
}

type wsdlMessage struct {
	Name  string `xml:"name,attr"`
	Parts []struct {
		Name string `xml:"name,attr"`
	} `xml:"part"`
}

type wsdlDeclared struct {
	Name  string `xml:"name,attr"`
	Input struct {
		Message string `xml:"message,attr"`
	} `xml:"input"`
}

type wsdlBinding struct {
	Name string `xml:"name,attr"`
	SOAP struct {
		Style string `xml:"style,attr"`
	} `xml:"http://schemas.xmlsoap.org/wsdl/soap/ binding"`
	Operations []struct {
		Name string `xml:"name,attr"`
		SOAP struct {
			Action string `xml:"soapAction,attr"`
		} `xml:"http://schemas.xmlsoap.org/wsdl/soap/ operation"`
		Input struct {
			Body struct {
				Namespace string `xml:"namespace,attr"`
			} `xml:"http://schemas.xmlsoap.org/wsdl/soap/ body"`
		} `xml:"input"`
	} `xml:"operation"`
}

// readWSDL reads the WSDL that was fetched from an address: the first port that
// has a SOAP 1.1 address and a binding in RPC style.
func readWSDL(data []byte, from string) (*service, error) {
	var f wsdlFile
	if err := xml.Unmarshal(data, &f); err != nil {
		return nil, fmt.Errorf("%w: %w", errWSDL, err)
	}
	for _, port := range f.Ports {
		i := slices.IndexFunc(f.Bindings, func(b wsdlBinding) bool { return b.Name == local(port.Binding) })
		if i < 0 || port.Address.Location == "" || f.Bindings[i].SOAP.Style != "rpc" {
			continue
		}
		address, err := near(port.Address.Location, from)
		if err != nil {
			return nil, err
		}
		s := &service{operations: make(map[string]operation)}
		for _, o := range f.Bindings[i].Operations {
			namespace := o.Input.Body.Namespace
			if namespace == "" {
				namespace = f.Namespace
			}
			s.operations[strings.ToLower(o.Name)] = operation{
				address: address, name: o.Name, namespace: namespace, action: o.SOAP.Action, parts: f.parts(o.Name),
			}
		}
		return s, nil
	}
	return nil, errWSDL
}

// parts are the names of the parts that an operation takes, in their order.
func (f *wsdlFile) parts(operation string) (names []string) {
	i := slices.IndexFunc(f.Declared, func(d wsdlDeclared) bool { return d.Name == operation })
	if i < 0 {
		return nil
	}
	message := local(f.Declared[i].Input.Message)
	for _, m := range f.Messages {
		if m.Name == message {
			for _, p := range m.Parts {
				names = append(names, p.Name)
			}
		}
	}
	return names
}

// near is the address of a service whose WSDL came from another. Every call
// carries a password, so a service on another host is refused, and one that is
// named without encryption is called the way its WSDL was fetched.
func near(location, from string) (string, error) {
	source, err := url.Parse(from)
	if err != nil {
		return "", errWSDL
	}
	address, err := source.Parse(location)
	if err != nil || address.Hostname() != source.Hostname() {
		return "", fmt.Errorf("%w: the service is on another host", errWSDL)
	}
	if address.Scheme != source.Scheme && address.Scheme != "http" && address.Scheme != "https" {
		return "", fmt.Errorf("%w: the service is not on the web", errWSDL)
	}
	if source.Scheme == "https" && address.Scheme == "http" {
		address.Scheme, address.Host = source.Scheme, source.Host
	}
	address.User = nil
	return address.String(), nil
}

// local is a qualified name without its prefix.
func local(name string) string { return name[strings.LastIndex(name, ":")+1:] }
