// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/tls_trust.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace failback::vsphere {
namespace {

constexpr std::size_t sha1Text = 20 * 3 - 1;  // with colons

std::string thumbprint(const X509* certificate, const EVP_MD* kind) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  if (X509_digest(certificate, kind, bytes.data(), &size) != 1) return {};
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{}{:02X}", i == 0 ? "" : ":", bytes[i]);
  return text;
}

std::string nameText(const X509_NAME* name) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), &BIO_free);
  if (!out || name == nullptr) return {};
  // Control characters come out escaped: the text goes to terminals.
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
  char* data = nullptr;
  const long size = BIO_get_mem_data(out.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

std::string timeText(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "?";
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string addressText(const ASN1_OCTET_STRING* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const int size = ASN1_STRING_length(address);
  const int family = size == 4 ? AF_INET : AF_INET6;
  if (size != 4 && size != 16) return {};
  const char* done = ::inet_ntop(family, ASN1_STRING_get0_data(address), text.data(), text.size());
  return done == nullptr ? std::string{} : std::string(done);
}

std::vector<std::string> namesOf(const X509* certificate) {
  constexpr std::size_t shown = 8;  // enough to compare; a message is not a list of a thousand names
  std::vector<std::string> names;
  auto* raw =
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr));
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> all(raw, &GENERAL_NAMES_free);
  const int count = all ? sk_GENERAL_NAME_num(all.get()) : 0;
  for (int i = 0; i < count && names.size() < shown; ++i) {
    const GENERAL_NAME* name = sk_GENERAL_NAME_value(all.get(), i);
    std::string text;
    if (name->type == GEN_DNS) {
      text.assign(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                  static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
    } else if (name->type == GEN_IPADD) {
      text = addressText(name->d.iPAddress);
    }
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c >= 0x7f; }, '?');
    if (!text.empty()) names.push_back(text);
  }
  return names;
}

Certificate read(const X509* certificate) {
  Certificate seen;
  seen.sha256 = thumbprint(certificate, EVP_sha256());
  seen.sha1 = thumbprint(certificate, EVP_sha1());
  seen.subject = nameText(X509_get_subject_name(certificate));
  seen.issuer = nameText(X509_get_issuer_name(certificate));
  seen.notBefore = timeText(X509_get0_notBefore(certificate));
  seen.notAfter = timeText(X509_get0_notAfter(certificate));
  seen.names = namesOf(certificate);
  return seen;
}

TrustProblem problemOf(int error) {
  switch (error) {
    case X509_V_OK:
      return TrustProblem::none;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
      return TrustProblem::selfSigned;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
      return TrustProblem::unknownIssuer;
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return TrustProblem::expired;
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return TrustProblem::notYetValid;
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return TrustProblem::otherHost;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
      return TrustProblem::weak;
    default:
      return TrustProblem::other;
  }
}

bool isAddress(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  return ::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1;
}

std::string hostAndPort(const Url& url) {
  const std::string origin = url.origin();
  return origin.substr(origin.find("://") + 3);
}

std::string describeCertificate(const Certificate& certificate) {
  return fmt::format("SHA-256 {}, subject {}, issuer {}, valid {} to {}", certificate.sha256,
                     certificate.subject.empty() ? "(none)" : certificate.subject,
                     certificate.issuer.empty() ? "(none)" : certificate.issuer, certificate.notBefore,
                     certificate.notAfter);
}

std::string howToPin(const Certificate& certificate) {
  return fmt::format(
      "if it equals the thumbprint that the server's own console shows, pin it: --thumbprint {} (or "
      "FAILBACK_THUMBPRINT)",
      certificate.sha256);
}

}  // namespace

struct TlsTrust::Store {
  X509_STORE* certificates = X509_STORE_new();
  ~Store() { X509_STORE_free(certificates); }
};

TlsTrust::TlsTrust(const TlsOptions& options, const Url& url)
    : mode_(!options.thumbprint.empty() ? Mode::pin
            : options.insecure          ? Mode::anything
                                        : Mode::store),
      host_(url.host),
      place_(hostAndPort(url)),
      caFile_(options.caFile),
      knownHosts_(options.knownHosts) {
  if (mode_ == Mode::pin) pin_ = normaliseThumbprint(options.thumbprint);
  if (mode_ != Mode::store) return;
  store_ = std::make_unique<Store>();
  X509_STORE* const store = store_->certificates;
  if (store == nullptr) throw std::bad_alloc();
  // A certificate that the user names is trusted as it stands, be it a root, an intermediate or the server's.
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_TRUSTED_FIRST);
  bool loaded = false;
  if (caFile_.empty()) {
    loaded = X509_STORE_set_default_paths(store) == 1;
  } else {
    struct stat status {};
    const bool folder = ::stat(caFile_.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
    loaded = (folder ? X509_STORE_load_path(store, caFile_.c_str())
                     : X509_STORE_load_file(store, caFile_.c_str())) == 1;
  }
  ERR_clear_error();
  if (!loaded) {
    fail(Category::usage,
         caFile_.empty() ? std::string("the system's store of CA certificates cannot be opened")
                         : fmt::format("the CA file {} cannot be read as PEM certificates", caFile_),
         "name a readable PEM file or a folder made by `openssl rehash`, or pin the server's thumbprint");
  }
}

TlsTrust::~TlsTrust() = default;

bool TlsTrust::install(SSL_CTX* context, Handshake& handshake) const {
  handshake.trust = this;
  if (store_ != nullptr) SSL_CTX_set1_cert_store(context, store_->certificates);
  SSL_CTX_set_cert_verify_callback(context, &TlsTrust::decide, &handshake);
  // In every mode a "no" must end the handshake.
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1;
}

int TlsTrust::decide(X509_STORE_CTX* chain, void* handshake) {
  auto& record = *static_cast<Handshake*>(handshake);
  try {
    return record.trust->accept(chain, record) ? 1 : 0;
  } catch (const std::exception&) {  // out of memory: OpenSSL must not see a C++ exception
    X509_STORE_CTX_set_error(chain, X509_V_ERR_OUT_OF_MEM);
    record.problem = TrustProblem::other;
    return 0;
  }
}

bool TlsTrust::accept(X509_STORE_CTX* chain, Handshake& handshake) const {
  const X509* leaf = X509_STORE_CTX_get0_cert(chain);
  if (leaf == nullptr) return false;
  handshake.seen = true;
  handshake.certificate = read(leaf);
  handshake.problem = TrustProblem::none;
  if (mode_ == Mode::store) return acceptChain(chain, handshake);
  if (mode_ == Mode::pin && !acceptPinned(handshake.certificate, handshake)) {
    X509_STORE_CTX_set_error(chain, X509_V_ERR_APPLICATION_VERIFICATION);
    return false;
  }
  X509_STORE_CTX_set_error(chain, X509_V_OK);
  return true;
}

bool TlsTrust::acceptPinned(const Certificate& certificate, Handshake& handshake) const {
  if (pin_ == (pin_.size() == sha1Text ? certificate.sha1 : certificate.sha256)) return true;
  handshake.problem = TrustProblem::notPinned;
  return false;
}

bool TlsTrust::acceptChain(X509_STORE_CTX* chain, Handshake& handshake) const {
  X509_VERIFY_PARAM* const parameters = X509_STORE_CTX_get0_param(chain);
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  const bool named = isAddress(host_) ? X509_VERIFY_PARAM_set1_ip_asc(parameters, host_.c_str()) == 1
                                      : X509_VERIFY_PARAM_set1_host(parameters, host_.c_str(), 0) == 1;
  const bool good = named && X509_verify_cert(chain) == 1;
  if (good) return true;
  const int error = X509_STORE_CTX_get_error(chain);
  handshake.problem = problemOf(error);
  if (handshake.problem == TrustProblem::none) handshake.problem = TrustProblem::other;
  handshake.reason = X509_verify_cert_error_string(error);
  if (error == X509_V_OK) X509_STORE_CTX_set_error(chain, X509_V_ERR_UNSPECIFIED);
  return false;
}

Error TlsTrust::refusal(const Handshake& handshake) const {
  const Certificate& seen = handshake.certificate;
  const std::string what = describeCertificate(seen);
  const std::string pin = howToPin(seen);
  const std::string where = caFile_.empty() ? std::string("the system's store") : caFile_;
  Error error;
  error.category = Category::tlsTrust;
  error.details = {{"seenSha256", seen.sha256}, {"seenSha1", seen.sha1}};
  switch (handshake.problem) {
    case TrustProblem::notPinned: {
      const bool sha1 = pin_.size() == sha1Text;
      const std::string both = fmt::format("{} {}, seen {}{}", sha1 ? "SHA-1" : "SHA-256", pin_,
                                           sha1 ? fmt::format("SHA-1 {}, ", seen.sha1) : std::string{}, what);
      if (knownHosts_.empty()) {
        error.text = fmt::format("the certificate of {} is not the pinned one: pinned {}", place_, both);
        error.remedy = "nothing was sent; if the server's certificate was renewed, compare: " + pin;
      } else {
        error.text = fmt::format("the certificate of {} has changed since it was noted in {}: noted {}",
                                 place_, knownHosts_, both);
        error.remedy =
            "nothing was sent; ask who runs the server whether its certificate was renewed. If so, and if "
            "the "
            "thumbprint that its own console shows is the one seen, replace the server's line in that file; "
            "if "
            "not, something else answers at its address";
      }
      error.details.emplace_back("pinned", pin_);
      break;
    }
    case TrustProblem::selfSigned:
      error.text = fmt::format("the certificate of {} is self-signed and not in {}: {}", place_, where, what);
      error.remedy = pin + ", or name the certificate's file with --ca-file";
      break;
    case TrustProblem::unknownIssuer:
      error.text =
          fmt::format("the certificate of {} was issued by a CA that is not in {}: {}", place_, where, what);
      error.remedy = "give the CA's certificate with --ca-file (vCenter offers it at https://" + place_ +
                     "/certs/download.zip), or " + pin;
      break;
    case TrustProblem::expired:
      error.text = fmt::format("the certificate of {} expired on {}: {}", place_, seen.notAfter, what);
      error.remedy = "renew the server's certificate, or check this machine's clock; until then, " + pin;
      break;
    case TrustProblem::notYetValid:
      error.text =
          fmt::format("the certificate of {} is valid only from {} on: {}", place_, seen.notBefore, what);
      error.remedy = "check the clocks of this machine and of the server; or " + pin;
      break;
    case TrustProblem::otherHost:
      error.text = fmt::format(
          "the certificate of {} is not for {} but for {}: {}", place_, host_,
          seen.names.empty() ? seen.subject : fmt::format("{}", fmt::join(seen.names, ", ")), what);
      error.remedy = "call the server by a name that its certificate holds; or " + pin;
      break;
    case TrustProblem::weak:
      error.text = fmt::format("the certificate of {} has too weak a key or signature ({}): {}", place_,
                               handshake.reason, what);
      error.remedy = "renew the server's certificate; until then, " + pin;
      break;
    case TrustProblem::other:
    case TrustProblem::none:
      error.text =
          fmt::format("the certificate of {} is not trusted ({}): {}", place_, handshake.reason, what);
      error.remedy = pin;
      break;
  }
  return error;
}

std::string normaliseThumbprint(const std::string& text) {
  std::string_view rest = text;
  for (const std::string_view prefix : {"sha256", "sha-256", "sha1", "sha-1"}) {
    const bool same = rest.size() > prefix.size() &&
                      std::equal(prefix.begin(), prefix.end(), rest.begin(), [](char a, char b) {
                        return a == std::tolower(static_cast<unsigned char>(b));
                      });
    if (same && (rest[prefix.size()] == ':' || rest[prefix.size()] == '=' || rest[prefix.size()] == ' ')) {
      rest.remove_prefix(prefix.size() + 1);
      break;
    }
  }
  std::string digits;
  for (const char c : rest) {
    if (c == ':' || c == ' ' || c == '-') continue;
    digits += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  const bool hex = std::all_of(digits.begin(), digits.end(),
                               [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); });
  if (!hex || (digits.size() != 40 && digits.size() != 64)) {
    fail(Category::usage, fmt::format("\"{}\" is not a certificate's thumbprint", text),
         "give the 64 hexadecimal digits of its SHA-256, or the 40 of its SHA-1, with or without colons");
  }
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    if (i > 0) out += ':';
    out.append(digits, i, 2);
  }
  return out;
}

}  // namespace failback::vsphere
