package postgrestest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The files of a server for TLS.
const (
	authority = "authority.pem"
	certified = "server.pem"
	private   = "server.key"
)

// certify makes a certificate for addresses that the server has, signed by an
// authority of its own.
func (s *server) certify(at []net.IP) error {
	signs, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return err
	}
	root := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "office"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "database"}, IPAddresses: at,
		NotBefore: root.NotBefore, NotAfter: root.NotAfter, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	ca, err := x509.CreateCertificate(rand.Reader, root, root, &signs.PublicKey, signs)
	if err != nil {
		return err
	}
	certificate, err := x509.CreateCertificate(rand.Reader, leaf, root, &key.PublicKey, signs)
	if err != nil {
		return err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		name, kind string
		der        []byte
	}{{authority, "CERTIFICATE", ca}, {certified, "CERTIFICATE", certificate}, {private, "PRIVATE KEY", secret}} {
		path := filepath.Join(s.folder, f.name)
		if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: f.kind, Bytes: f.der}), 0o600); err != nil {
			return err
		}
		if err := s.as.take(path); err != nil {
			return err
		}
	}
	return nil
}

// secured is an address of the server for who trusts nothing but its certificate.
func (s *server) secured(address string) string {
	with := url.Values{"sslmode": {"verify-full"}, "sslrootcert": {filepath.Join(s.folder, authority)}}
	return address + "?" + with.Encode()
}

// Secured is the address of a database of the server, over TLS.
func Secured(t testing.TB, address string) string {
	t.Helper()
	s, err := start()
	if err != nil {
		t.Fatal(err)
	}
	return s.secured(address)
}
