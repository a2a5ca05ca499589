package cash

import (
	"net/http"
	"strings"
)

// Namespace is that of the SOAP API. It is the practice office's own: that of the
// real system is not published.
const Namespace = "urn:praktijk:cash:3.0"

// serveWSDL describes the SOAP service, with the address under which it was
// asked for.
func serveWSDL(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	_, _ = w.Write([]byte(strings.ReplaceAll(wsdl, "ADDRESS", "http://"+r.Host+"/?api/3.0")))
}

// wsdl is RPC style; the order of the parts is that of public clients of API
// 3.0. The names listAdministrations and getTransaction are the practice
// office's, by analogy with the older API.
const wsdl = `<?xml version="1.0" encoding="UTF-8"?>
<definitions name="CashApi" targetNamespace="` + Namespace + `" xmlns:tns="` + Namespace + `"
 xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<types><xsd:schema targetNamespace="` + Namespace + `">
 <xsd:complexType name="Administration"><xsd:sequence><xsd:element name="admCode" type="xsd:string"/><xsd:element name="admMap" type="xsd:string"/></xsd:sequence></xsd:complexType>
 <xsd:complexType name="Response"><xsd:sequence><xsd:element name="code" type="xsd:int"/><xsd:element name="message" type="xsd:string"/></xsd:sequence></xsd:complexType>
 <xsd:complexType name="Initiator"><xsd:sequence><xsd:element name="relation" type="xsd:string"/><xsd:element name="user" type="xsd:string"/></xsd:sequence></xsd:complexType>
 <xsd:complexType name="Transaction"><xsd:sequence><xsd:element name="id" type="xsd:string"/><xsd:element name="status" type="xsd:int"/><xsd:element name="creation" type="xsd:string"/><xsd:element name="lastUpdate" type="xsd:string"/><xsd:element name="administration" type="tns:Administration"/><xsd:element name="initiator" type="tns:Initiator"/><xsd:element name="err" type="xsd:string"/></xsd:sequence></xsd:complexType>
 <xsd:complexType name="Listed"><xsd:sequence><xsd:element name="admCode" type="xsd:string"/><xsd:element name="admMap" type="xsd:string"/><xsd:element name="name" type="xsd:string"/><xsd:element name="readOnly" type="xsd:string"/></xsd:sequence></xsd:complexType>
 <xsd:complexType name="List"><xsd:sequence><xsd:element name="administration" type="tns:Listed" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType>
</xsd:schema></types>
<message name="importRequest"><part name="token" type="xsd:string"/><part name="relatie" type="xsd:string"/><part name="email" type="xsd:string"/><part name="pass" type="xsd:string"/><part name="import" type="xsd:string"/><part name="administration" type="tns:Administration"/><part name="formaat" type="xsd:int"/></message>
<message name="importResponse"><part name="response" type="tns:Response"/><part name="transaction" type="tns:Transaction"/></message>
<message name="exportRequest"><part name="token" type="xsd:string"/><part name="relatie" type="xsd:string"/><part name="email" type="xsd:string"/><part name="pass" type="xsd:string"/><part name="export" type="xsd:string"/><part name="administration" type="tns:Administration"/><part name="formaat" type="xsd:int"/></message>
<message name="exportResponse"><part name="response" type="tns:Response"/><part name="exportResult" type="xsd:string"/></message>
<message name="listAdministrationsRequest"><part name="token" type="xsd:string"/><part name="relatie" type="xsd:string"/><part name="email" type="xsd:string"/><part name="pass" type="xsd:string"/></message>
<message name="listAdministrationsResponse"><part name="response" type="tns:Response"/><part name="administrationList" type="tns:List"/></message>
<message name="getTransactionRequest"><part name="token" type="xsd:string"/><part name="relatie" type="xsd:string"/><part name="email" type="xsd:string"/><part name="pass" type="xsd:string"/><part name="id" type="xsd:string"/></message>
<message name="getTransactionResponse"><part name="response" type="tns:Response"/><part name="transaction" type="tns:Transaction"/></message>
<portType name="CashApiPort">
 <operation name="import"><input message="tns:importRequest"/><output message="tns:importResponse"/></operation>
 <operation name="export"><input message="tns:exportRequest"/><output message="tns:exportResponse"/></operation>
 <operation name="listAdministrations"><input message="tns:listAdministrationsRequest"/><output message="tns:listAdministrationsResponse"/></operation>
 <operation name="getTransaction"><input message="tns:getTransactionRequest"/><output message="tns:getTransactionResponse"/></operation>
</portType>
<binding name="CashApiBinding" type="tns:CashApiPort"><soap:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
 <operation name="import"><soap:operation soapAction="` + Namespace + `#import"/><input><soap:body use="literal" namespace="` + Namespace + `"/></input><output><soap:body use="literal" namespace="` + Namespace + `"/></output></operation>
 <operation name="export"><soap:operation soapAction="` + Namespace + `#export"/><input><soap:body use="literal" namespace="` + Namespace + `"/></input><output><soap:body use="literal" namespace="` + Namespace + `"/></output></operation>
 <operation name="listAdministrations"><soap:operation soapAction="` + Namespace + `#listAdministrations"/><input><soap:body use="literal" namespace="` + Namespace + `"/></input><output><soap:body use="literal" namespace="` + Namespace + `"/></output></operation>
 <operation name="getTransaction"><soap:operation soapAction="` + Namespace + `#getTransaction"/><input><soap:body use="literal" namespace="` + Namespace + `"/></input><output><soap:body use="literal" namespace="` + Namespace + `"/></output></operation>
</binding>
<service name="CashApi"><port name="CashApiPort" binding="tns:CashApiBinding"><soap:address location="ADDRESS"/></port></service>
</definitions>
`
