// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/curl_transport.h"

#include <mutex>
#include <new>
#include <utility>
#include <vector>

#include "vsphere/curl_exchange.h"
#include "vsphere/curl_handles.h"
#include "vsphere/gzip_choice.h"

namespace failback::vsphere {
namespace {

ConnectionOptions checked(ConnectionOptions options) {
  for (const Milliseconds timeout : {options.connectTimeout, options.transferTimeout, options.stallTimeout}) {
    if (timeout <= Milliseconds{0}) fail(Category::usage, "a timeout of the connection is not positive");
  }
  return options;
}

}  // namespace

// Channels at rest. The last one given back is the first one taken: its connection is the warmest.
struct CurlTransport::Pool {
  // First, so that it is destroyed last: the channels' handles refer to it.
  CurlShare share;
  mutable std::mutex mutex;
  std::vector<std::unique_ptr<CurlChannel>> idle;
  std::optional<Certificate> peer;
  GzipChoice gzip;

  std::unique_ptr<CurlChannel> take() {
    {
      const std::lock_guard lock(mutex);
      if (!idle.empty()) {
        std::unique_ptr<CurlChannel> channel = std::move(idle.back());
        idle.pop_back();
        return channel;
      }
    }
    return std::make_unique<CurlChannel>(share);
  }

  // Without memory to keep it the channel is closed, which is right as well.
  void giveBack(std::unique_ptr<CurlChannel>& channel) noexcept try {
    const std::lock_guard lock(mutex);
    if (channel->handshake.seen) peer = channel->handshake.certificate;
    idle.push_back(std::move(channel));
  } catch (const std::bad_alloc&) {
  }
};

// A channel that goes back into the pool whatever happens; after a failure its connection is closed, but the
// channel is good.
class CurlTransport::Loan {
 public:
  explicit Loan(Pool& pool) : pool_(pool), channel_(pool.take()) {}
  ~Loan() { pool_.giveBack(channel_); }
  Loan(const Loan&) = delete;
  Loan& operator=(const Loan&) = delete;
  CurlChannel& channel() const { return *channel_; }

 private:
  Pool& pool_;
  std::unique_ptr<CurlChannel> channel_;
};

CurlTransport::CurlTransport(ConnectionOptions options) : options_(checked(std::move(options))) {
  if (options_.url.scheme == "https") trust_ = std::make_unique<TlsTrust>(options_.tls, options_.url);
  pool_ = std::make_unique<Pool>();
}

CurlTransport::~CurlTransport() = default;

Response CurlTransport::send(const Request& request, const Context& context) {
  const Loan loan(*pool_);
  // The body of a Login holds the password.
  struct Forgotten {
    const CurlChannel& channel;
    const bool secret;
    ~Forgotten() {
      if (secret) channel.forget();
    }
  };
  const Forgotten forgotten{loan.channel(), request.method == "Login"};
  CurlExchange exchange(options_, trust_.get(), loan.channel(), request, context);
  Response response = exchange.run(wantsPacked());
  pool_->gzip.note(exchange.wireBytes(), exchange.answerTime());
  return response;
}

bool CurlTransport::wantsPacked() const {
  if (options_.compression == Compression::automatic) return pool_->gzip.pays();
  return options_.compression == Compression::always;
}

std::optional<Certificate> CurlTransport::peerCertificate() const {
  const std::lock_guard lock(pool_->mutex);
  return pool_->peer;
}

std::string CurlTransport::peerThumbprint() const {
  const auto certificate = peerCertificate();
  return certificate ? certificate->sha256 : std::string{};
}

}  // namespace failback::vsphere
