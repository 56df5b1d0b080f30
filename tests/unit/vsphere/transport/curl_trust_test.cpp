// SPDX-License-Identifier: GPL-2.0-or-later
// Which certificates are trusted, and what is said of the others. In each refusal no request reaches the
// server.
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/unit/vsphere/transport/curl_helpers.h"

namespace failback::vsphere {
namespace {

namespace fs = std::filesystem;
using testing::answering;
using testing::CertificateSpec;
using testing::Digest;
using testing::makeAuthority;
using testing::makeSelfSigned;
using testing::makeSigned;
using testing::request;
using testing::ScriptedServer;
using testing::ServerAnswer;
using testing::ServerRequest;
using testing::TestCertificate;
using testing::thumbprintOf;

struct TrustServer : ScriptedServer {
  explicit TrustServer(TestCertificate certificate = {}, bool oldTlsOnly = false)
      : ScriptedServer(answering([](const ServerRequest&) {
                         return ServerAnswer{200, "<ok/>", {}};
                       }),
                       make(std::move(certificate), oldTlsOnly)) {}
  static Options make(TestCertificate certificate, bool oldTlsOnly) {
    Options options;
    options.certificate = std::move(certificate);
    options.oldTlsOnly = oldTlsOnly;
    return options;
  }
  Outcome call(const TlsOptions& tls, const std::string& host = "127.0.0.1") {
    ConnectionOptions options = optionsFor(*this);
    options.tls = tls;
    options.url.host = host;
    return trySend(options, request("Login", Replay::never, "<password>s3cret</password>"));
  }
  std::string sha256() const { return thumbprintOf(certificate(), Digest::sha256); }
  std::string sha1() const { return thumbprintOf(certificate(), Digest::sha1); }
};

TlsOptions pin(const std::string& thumbprint) {
  TlsOptions tls;
  tls.thumbprint = thumbprint;
  return tls;
}

struct PemFile {
  std::string path;
  explicit PemFile(const std::string& text) {
    path = (fs::temp_directory_path() / "failback-ca-XXXXXX").string();
    const int file = ::mkstemp(path.data());
    if (file >= 0) ::close(file);
    std::ofstream(path) << text;
  }
  ~PemFile() { fs::remove(path); }
  TlsOptions tls() const {
    TlsOptions options;
    options.caFile = path;
    return options;
  }
};

// What every refusal must hold: enough to compare by eye, how to pin, and that nothing was sent.
void checkRefusal(const TrustServer& server, const Outcome& outcome, const std::string& part) {
  BOOST_TEST(outcome.category() == "tlsTrust");
  BOOST_TEST(outcome.says(part), outcome.text());
  BOOST_TEST(outcome.says("SHA-256 " + server.sha256()), outcome.text());
  BOOST_TEST(outcome.says("--thumbprint " + server.sha256()));
  BOOST_TEST(outcome.says("FAILBACK_THUMBPRINT"));
  BOOST_TEST(outcome.says("subject CN="));
  BOOST_TEST(outcome.says("127.0.0.1:" + std::to_string(server.port())));
  BOOST_TEST((outcome.fate == Fate::notSent));
  BOOST_TEST(!outcome.transient);
  BOOST_TEST(server.requests() == 0u);
}

BOOST_AUTO_TEST_CASE(a_pinned_certificate_is_trusted_by_sha256_or_sha1_however_it_is_written) {
  TrustServer server;
  std::string plain = server.sha256();
  plain.erase(std::remove(plain.begin(), plain.end(), ':'), plain.end());
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string& text :
       {server.sha256(), server.sha1(), plain, "SHA256:" + plain, "sha1=" + server.sha1()}) {
    BOOST_TEST(server.call(pin(text)).response.has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(another_certificate_than_the_pinned_one_shows_both_thumbprints_and_sends_nothing) {
  TrustServer server;
  const TestCertificate other = makeSelfSigned();
  const std::string other256 = thumbprintOf(other, Digest::sha256),
                    other1 = thumbprintOf(other, Digest::sha1);
  const Outcome byLong = server.call(pin(other256));
  checkRefusal(server, byLong, "pinned SHA-256 " + other256);
  const Outcome byShort = server.call(pin(other1));
  checkRefusal(server, byShort, "pinned SHA-1 " + other1);
  BOOST_TEST(byShort.says("seen SHA-1 " + server.sha1()));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_changed_since_it_was_noted_says_where_it_was_noted) {
  TrustServer server;
  TlsOptions noted = pin(thumbprintOf(makeSelfSigned(), Digest::sha256));
  noted.knownHosts = "/home/anna/.govmomi/known_hosts";
  const Outcome outcome = server.call(noted);
  BOOST_TEST(outcome.category() == "tlsTrust");
  BOOST_TEST(outcome.says("has changed since it was noted in /home/anna/.govmomi/known_hosts"),
             outcome.text());
  BOOST_TEST(outcome.says(server.sha256()));
  BOOST_TEST(outcome.says(noted.thumbprint));
  BOOST_TEST(outcome.says("replace the server's line"));
  BOOST_TEST(server.requests() == 0u);
}

BOOST_AUTO_TEST_CASE(a_pin_decides_alone) {
  CertificateSpec bad;
  bad.names = {"other.example"};
  bad.addresses = {};
  bad.validFromDays = -10;
  bad.validUntilDays = -5;
  TrustServer server(makeSelfSigned(bad));
  BOOST_TEST(server.call(pin(server.sha256())).response.has_value());
  TlsOptions both = pin(thumbprintOf(makeSelfSigned(), Digest::sha256));
  both.insecure = true;
  BOOST_TEST(server.call(both).category() == "tlsTrust");
}

BOOST_AUTO_TEST_CASE(insecure_trusts_anything_and_still_tells_what_it_saw) {
  TrustServer server;
  CurlTransport transport(optionsFor(server));
  transport.send(request("X"), Context());
  BOOST_REQUIRE(transport.peerCertificate());
  BOOST_TEST(transport.peerCertificate()->sha256 == server.sha256());
  BOOST_TEST(transport.peerCertificate()->subject == "CN=scripted server");
}

BOOST_AUTO_TEST_CASE(a_ca_file_is_trusted_for_the_names_of_the_certificate) {
  const TestCertificate authority = makeAuthority("our CA");
  CertificateSpec spec;
  spec.names = {"localhost"};
  TrustServer server(makeSigned(spec, authority));
  const PemFile file(authority.certificate);
  BOOST_TEST(server.call(file.tls()).response.has_value());
  BOOST_TEST(server.call(file.tls(), "localhost").response.has_value());
  // The server's own certificate as the file serves as well.
  const PemFile own(server.certificate().certificate);
  BOOST_TEST(server.call(own.tls()).response.has_value());
}

BOOST_AUTO_TEST_CASE(a_folder_of_certificates_serves_like_a_file) {
  const TestCertificate authority = makeAuthority("folder CA");
  TrustServer server(makeSigned({}, authority));
  const PemFile reserve("");
  const std::string folder = reserve.path + ".d";
  fs::create_directory(folder);
  BIO* text = BIO_new_mem_buf(authority.certificate.data(), -1);
  X509* certificate = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  char name[32];
  static_cast<void>(
      std::snprintf(name, sizeof(name), "/%08lx.0",
                    X509_NAME_hash_ex(X509_get_subject_name(certificate), nullptr, nullptr, nullptr)));
  X509_free(certificate);
  BIO_free(text);
  std::ofstream(folder + name) << authority.certificate;
  TlsOptions tls;
  tls.caFile = folder;
  BOOST_TEST(server.call(tls).response.has_value());
  fs::remove_all(folder);
}

BOOST_AUTO_TEST_CASE(a_self_signed_certificate) {
  TrustServer server;
  checkRefusal(server, server.call({}), "is self-signed and not in the system's store");
}

BOOST_AUTO_TEST_CASE(an_unknown_ca) {
  TrustServer server(makeSigned({}, makeAuthority("unknown CA")));
  const Outcome outcome = server.call({});
  checkRefusal(server, outcome, "issued by a CA that is not in the system's store");
  BOOST_TEST(outcome.says("issuer CN=unknown CA"));
  BOOST_TEST(outcome.says("--ca-file"));
}

BOOST_AUTO_TEST_CASE(an_expired_certificate_and_one_of_the_future) {
  const TestCertificate authority = makeAuthority("our CA");
  const PemFile file(authority.certificate);
  CertificateSpec spec;
  spec.validFromDays = -10;
  spec.validUntilDays = -5;
  TrustServer old(makeSigned(spec, authority));
  checkRefusal(old, old.call(file.tls()), "expired on 20");
  spec.validFromDays = 5;
  spec.validUntilDays = 10;
  TrustServer young(makeSigned(spec, authority));
  checkRefusal(young, young.call(file.tls()), "valid only from 20");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_host) {
  const TestCertificate authority = makeAuthority("our CA");
  const PemFile file(authority.certificate);
  CertificateSpec spec;
  spec.names = {"vc.example", "*.lab.example"};
  spec.addresses = {"10.0.0.7"};
  TrustServer server(makeSigned(spec, authority));
  checkRefusal(server, server.call(file.tls()),
               "is not for 127.0.0.1 but for vc.example, *.lab.example, 10.0.0.7");
}

BOOST_AUTO_TEST_CASE(a_server_whose_key_no_client_takes_is_not_said_to_be_out_of_reach) {
  CertificateSpec spec;
  spec.curve = "P-192";
  TrustServer server(makeSelfSigned(spec));
  const Outcome outcome = server.call(pin(server.sha256()));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST(outcome.says("TLS handshake"), outcome.text());
  BOOST_TEST(outcome.says("no cipher or key type in common"), outcome.text());
  BOOST_TEST(!outcome.says("firewalls"), outcome.text());
  BOOST_TEST(!outcome.transient);
  BOOST_TEST(server.requests() == 0u);
}

BOOST_AUTO_TEST_CASE(servers_without_tls_12_or_without_tls) {
  TrustServer old({}, true);
  const Outcome outcome = old.call(pin(old.sha256()));
  BOOST_TEST(outcome.category() == "unreachable");
  BOOST_TEST(outcome.says("TLS handshake"));
  BOOST_TEST(outcome.says("TLS 1.2"));
  BOOST_TEST(old.requests() == 0u);
  ScriptedServer::Options plain;
  plain.tls = false;
  ScriptedServer noTls(
      [](testing::ServerConnection& connection) {
        connection.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        connection.stall();
      },
      plain);
  const Outcome other = trySend(optionsFor(noTls), request("X"));
  BOOST_TEST(other.category() == "unreachable");
  BOOST_TEST(other.says("does not speak TLS"));
  BOOST_TEST((other.fate == Fate::notSent));
}

BOOST_AUTO_TEST_CASE(unusable_trust_settings_are_usage_errors) {
  const auto isUsage = [](const Failure& failure) { return failure.error().category == Category::usage; };
  ConnectionOptions options;
  for (const char* text : {"AB:CD", "zz", "AB:CD:EF:01:23:45:67:89:AB:CD:EF:01:23:45:67:89:AB:CD:EF:0g"}) {
    options.tls = pin(text);
    BOOST_CHECK_EXCEPTION(CurlTransport{options}, Failure, isUsage);
  }
  options.tls = {};
  options.tls.caFile = "/no/such/file.pem";
  BOOST_CHECK_EXCEPTION(CurlTransport{options}, Failure, isUsage);
  const PemFile noPem("this is no certificate\n");
  options.tls = noPem.tls();
  BOOST_CHECK_EXCEPTION(CurlTransport{options}, Failure, isUsage);
}

BOOST_AUTO_TEST_CASE(an_earlier_refusal_does_not_colour_a_later_failure) {
  auto server = std::make_unique<TrustServer>();
  ConnectionOptions options = optionsFor(*server);
  options.tls = pin(thumbprintOf(makeSelfSigned(), Digest::sha256));
  CurlTransport transport(options);
  BOOST_TEST(trySend(transport, request("X")).category() == "tlsTrust");
  server.reset();
  BOOST_TEST(trySend(transport, request("X")).category() == "unreachable");
}

}  // namespace
}  // namespace failback::vsphere
