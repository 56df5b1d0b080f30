// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/support/test_certificates.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace failback::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Cert = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

void made(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("making a test certificate: ") + what);
}

std::string text(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Bio from(const std::string& pem) {
  return {BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free};
}

Cert readCertificate(const std::string& pem) {
  Cert certificate(PEM_read_bio_X509(from(pem).get(), nullptr, nullptr, nullptr), &X509_free);
  made(certificate != nullptr, "reading it");
  return certificate;
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
  made(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

std::string alternativeNames(const CertificateSpec& spec) {
  std::string names;
  for (const std::string& name : spec.names) names += (names.empty() ? "DNS:" : ",DNS:") + name;
  for (const std::string& address : spec.addresses) names += (names.empty() ? "IP:" : ",IP:") + address;
  return names;
}

TestCertificate make(const CertificateSpec& spec, bool authority, const TestCertificate* issuer) {
  constexpr long day = 24L * 60 * 60;
  const Key key(EVP_EC_gen(spec.curve.c_str()), &EVP_PKEY_free);
  const Cert certificate(X509_new(), &X509_free);
  made(key && certificate, "memory");
  std::array<unsigned char, 8> serial{};
  made(RAND_bytes(serial.data(), serial.size()) == 1, "random numbers");
  serial[0] &= 0x7f;
  BIGNUM* number = BN_bin2bn(serial.data(), serial.size(), nullptr);
  BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get()));
  BN_free(number);
  X509_set_version(certificate.get(), X509_VERSION_3);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), spec.validFromDays * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), spec.validUntilDays * day);
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(spec.commonName.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate.get(), key.get());
  if (authority) extend(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  if (const std::string names = alternativeNames(spec); !names.empty() && !authority) {
    extend(certificate.get(), NID_subject_alt_name, names);
  }
  Key signer(nullptr, &EVP_PKEY_free);
  if (issuer != nullptr) {
    X509_set_issuer_name(certificate.get(),
                         X509_get_subject_name(readCertificate(issuer->certificate).get()));
    signer.reset(PEM_read_bio_PrivateKey(from(issuer->key).get(), nullptr, nullptr, nullptr));
  } else {
    X509_set_issuer_name(certificate.get(), subject);
  }
  made(X509_sign(certificate.get(), signer ? signer.get() : key.get(), EVP_sha256()) > 0, "signing it");

  const Bio certificateOut(BIO_new(BIO_s_mem()), &BIO_free), keyOut(BIO_new(BIO_s_mem()), &BIO_free);
  PEM_write_bio_X509(certificateOut.get(), certificate.get());
  PEM_write_bio_PrivateKey(keyOut.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  return {text(certificateOut.get()), text(keyOut.get())};
}

}  // namespace

TestCertificate makeSelfSigned(const CertificateSpec& spec) {
  return make(spec, false, nullptr);
}

TestCertificate makeAuthority(const std::string& name) {
  CertificateSpec spec;
  spec.commonName = name;
  return make(spec, true, nullptr);
}

TestCertificate makeSigned(const CertificateSpec& spec, const TestCertificate& authority) {
  return make(spec, false, &authority);
}

std::string thumbprintOf(const TestCertificate& certificate, Digest digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  X509_digest(readCertificate(certificate.certificate).get(),
              digest == Digest::sha1 ? EVP_sha1() : EVP_sha256(), bytes.data(), &size);
  std::string out;
  for (unsigned i = 0; i < size; ++i) {
    std::array<char, 4> hex{};
    static_cast<void>(std::snprintf(hex.data(), hex.size(), "%02X", bytes[i]));
    out += (i == 0 ? "" : ":") + std::string(hex.data());
  }
  return out;
}

}  // namespace failback::testing
