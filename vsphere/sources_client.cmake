# SPDX-License-Identifier: GPL-2.0-or-later
# Sources of the client: messages, session, what it reads and waits for.
set(FAILBACK_VSPHERE_CLIENT_SOURCES
    api_version.cpp
    asked_paths.cpp
    binding/collector_specs.cpp
    binding/request_arena.cpp
    binding/service.cpp
    binding/soap_codec.cpp
    client.cpp
    container_view.cpp
    datastore_lister.cpp
    digest_book.cpp
    hole.cpp
    inventory_reader.cpp
    inventory_sweep.cpp
    license_reader.cpp
    management_reader.cpp
    object_retrieval.cpp
    page_token.cpp
    privilege_reader.cpp
    sent_methods.cpp
    session.cpp
    task_waiter.cpp
    transport_chain.cpp
    update_stream.cpp
    watcher.cpp)
