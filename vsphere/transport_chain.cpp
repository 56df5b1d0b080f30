// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/transport_chain.h"

#include "vsphere/curl_transport.h"
#include "vsphere/logging_transport.h"
#include "vsphere/recording_transport.h"
#include "vsphere/retry_transport.h"

namespace failback::vsphere {

TransportChain::TransportChain(const ClientOptions& options, const Credentials& credentials, Random& random,
                               SessionTransport::Login login)
    : network_(options.transport) {
  if (!network_) network_ = std::make_shared<CurlTransport>(options.connection);
  const auto redactor = std::make_shared<Redactor>();
  redactor->addSecret(credentials.password);

  std::shared_ptr<Transport> top = network_;
  if (!options.recordDirectory.empty()) {
    top = std::make_shared<RecordingTransport>(top, redactor, options.recordDirectory);
  }
  if (options.log) top = std::make_shared<LoggingTransport>(top, redactor, options.log);
  counting_ = std::make_shared<CallCountingTransport>(top);
  RetryOptions retry;
  retry.patience = options.patience;
  top = std::make_shared<RetryTransport>(counting_, random, retry);
  session_ = std::make_shared<SessionTransport>(top, std::move(login));
}

std::string TransportChain::peerThumbprint() const {
  const auto* curl = dynamic_cast<const CurlTransport*>(network_.get());
  return curl != nullptr ? curl->peerThumbprint() : std::string();
}

}  // namespace failback::vsphere
