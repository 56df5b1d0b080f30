// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/certificate.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <functional>
#include <memory>
#include <stdexcept>

namespace failback::mock {

namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free_all>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

void need(bool good, const char* step) {
  if (!good) throw std::runtime_error(fmt::format("cannot make a certificate: OpenSSL failed in {}", step));
}

bool isAddress(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return inet_pton(AF_INET, text.c_str(), unused.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), unused.data()) == 1;
}

std::string alternativeNames(const std::vector<std::string>& namesAndAddresses) {
  std::string text;
  for (const std::string& each : namesAndAddresses) {
    if (!text.empty()) text += ',';
    text += (isAddress(each) ? "IP:" : "DNS:") + each;
  }
  return text;
}

void addExtension(X509* certificate, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const Extension extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  need(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "X509_add_ext");
}

std::string pem(const std::function<int(BIO*)>& write) {
  const Bio memory(BIO_new(BIO_s_mem()));
  need(memory && write(memory.get()) == 1, "PEM_write_bio");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string thumbprint(const X509* certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  need(X509_digest(certificate, digest, bytes.data(), &size) == 1, "X509_digest");
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{}{:02X}", i ? ":" : "", bytes[i]);
  return text;
}

}  // namespace

Certificate makeCertificate(const std::vector<std::string>& namesAndAddresses) {
  const Key key(EVP_EC_gen("P-256"));
  const X509Ptr certificate(X509_new());
  need(key && certificate, "EVP_EC_gen");
  need(X509_set_version(certificate.get(), 2) == 1, "X509_set_version");
  // A serial number of its own: browsers and clients refuse two certificates of one issuer and serial.
  std::uint32_t serial = 0;
  need(RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1, "RAND_bytes");
  need(ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), static_cast<long>(serial >> 1U) + 1) == 1,
       "ASN1_INTEGER_set");
  constexpr long hour = 3600;
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 365 * 24 * hour);
  need(X509_set_pubkey(certificate.get(), key.get()) == 1, "X509_set_pubkey");
  X509_NAME* name = X509_get_subject_name(certificate.get());
  const auto* commonName = reinterpret_cast<const unsigned char*>("mock-vcenter");
  need(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, commonName, -1, -1, 0) == 1,
       "X509_NAME_add_entry");
  need(X509_set_issuer_name(certificate.get(), name) == 1, "X509_set_issuer_name");
  addExtension(certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  addExtension(certificate.get(), NID_subject_key_identifier, "hash");
  addExtension(certificate.get(), NID_subject_alt_name, alternativeNames(namesAndAddresses));
  need(X509_sign(certificate.get(), key.get(), EVP_sha256()) > 0, "X509_sign");
  return {pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); }), pem([&](BIO* out) {
            return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
          }),
          thumbprint(certificate.get(), EVP_sha256()), thumbprint(certificate.get(), EVP_sha1())};
}

}  // namespace failback::mock
