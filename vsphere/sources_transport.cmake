# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of failback_transport: connection, trust, and the wrappers that every call goes through.
set(FAILBACK_VSPHERE_TRANSPORT_SOURCES
    call_counting_transport.cpp
    clock.cpp
    context.cpp
    curl_exchange.cpp
    curl_failures.cpp
    curl_handles.cpp
    curl_transport.cpp
    error.cpp
    fault_injection_transport.cpp
    idempotency.cpp
    logging_transport.cpp
    recording_names.cpp
    recording_transport.cpp
    redaction.cpp
    replay_transport.cpp
    retry_transport.cpp
    secret.cpp
    session_transport.cpp
    sha256.cpp
    soap_peek.cpp
    tcp_probe.cpp
    tls_trust.cpp
    transport.cpp
    url.cpp
    xml_tags.cpp)
