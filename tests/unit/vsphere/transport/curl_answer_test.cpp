// SPDX-License-Identifier: GPL-2.0-or-later
// What goes out, what comes back, and answers that no vSphere server gives.
#include <zlib.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/unit/vsphere/transport/curl_helpers.h"
#include "vsphere/gzip_choice.h"

namespace failback::vsphere {
namespace {

using testing::answering;
using testing::request;
using testing::ScriptedServer;
using testing::ServerAnswer;
using testing::ServerConnection;
using testing::ServerRequest;

std::string gzip(const std::string& text) {
  z_stream stream{};
  constexpr int gzipWindow = 15 + 16;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

// Reads one request and does the rest by hand.
ScriptedServer::Handler once(std::function<void(ServerConnection&)> then) {
  return [then = std::move(then)](ServerConnection& connection) {
    ServerRequest got;
    if (connection.read(got)) then(connection);
  };
}

BOOST_AUTO_TEST_CASE(a_post_as_vsphere_wants_it) {
  ServerRequest got;
  ScriptedServer server(answering([&got](const ServerRequest& one) {
    got = one;
    return ServerAnswer{
        500,
        "<fault/>",
        {{"Set-Cookie", "a=\"1\"; Path=/"}, {"X-Folded", "one\r\n two"}, {"Set-Cookie", "b=2"}}};
  }));
  Request post = request("Login", Replay::never, "<Envelope/>");
  post.headers.emplace_back("Cookie", "vmware_soap_session=\"ab/+=\"");
  CurlTransport transport(optionsFor(server));
  const Response answer = transport.send(post, Context());
  BOOST_TEST(got.verb == "POST");
  BOOST_TEST(got.target == "/sdk");
  BOOST_TEST(got.body == "<Envelope/>");
  BOOST_TEST(got.headers["soapaction"] == "\"urn:vim25/8.0.2.0\"");
  BOOST_TEST(got.headers["content-type"] == "text/xml; charset=utf-8");
  BOOST_TEST(got.headers["content-length"] == "11");
  BOOST_TEST(got.headers["accept-encoding"] == "identity");
  BOOST_TEST(got.headers["user-agent"] == "failback/test");
  BOOST_TEST(got.headers["cookie"] == "vmware_soap_session=\"ab/+=\"");
  BOOST_TEST(got.headers.count("expect") == 0u);
  BOOST_TEST(answer.status == 500);
  BOOST_TEST(answer.body == "<fault/>");
  BOOST_TEST(answer.header("set-cookie") == "a=\"1\"; Path=/");
  BOOST_TEST(answer.header("x-folded") == "one two");
  BOOST_TEST(transport.peerThumbprint() ==
             testing::thumbprintOf(server.certificate(), testing::Digest::sha256));
}

BOOST_AUTO_TEST_CASE(a_get_over_plain_http) {
  ServerRequest got;
  ScriptedServer::Options plain;
  plain.tls = false;
  ScriptedServer server(answering([&got](const ServerRequest& one) {
                          got = one;
                          return ServerAnswer{200, "<namespaces/>", {}};
                        }),
                        plain);
  Request versions;
  versions.verb = Request::Verb::get;
  versions.path = "/sdk/vimServiceVersions.xml";
  versions.method = "vimServiceVersions.xml";
  CurlTransport transport(optionsFor(server, false));
  BOOST_TEST(transport.send(versions, Context()).body == "<namespaces/>");
  BOOST_TEST(got.verb == "GET");
  BOOST_TEST(got.target == "/sdk/vimServiceVersions.xml");
  BOOST_TEST(transport.peerThumbprint() == "");
}

BOOST_AUTO_TEST_CASE(a_header_that_would_break_the_request_is_refused) {
  ScriptedServer server(answering([](const ServerRequest&) { return ServerAnswer{}; }));
  Request post = request("X");
  post.headers.emplace_back("Cookie", "a\r\nEvil: yes");
  BOOST_TEST(trySend(optionsFor(server), post).category() == "internal");
  BOOST_TEST(server.requests() == 0u);
}

// That a quick one is not taken for slow is tested below, without a machine's own haste or sloth.
BOOST_AUTO_TEST_CASE(gzip_is_asked_for_where_the_line_is_slow) {
  std::vector<std::string> accepted;
  auto server = std::make_unique<ScriptedServer>([&](ServerConnection& connection) {
    ServerRequest got;
    while (connection.read(got)) {
      accepted.push_back(got.headers["accept-encoding"]);
      constexpr std::size_t pieces = 20, size = 20'000;
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(pieces * size) + "\r\n\r\n");
      for (std::size_t i = 0; i < pieces; ++i) {
        connection.write(std::string(size, 'v'));
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    }
  });
  CurlTransport transport(optionsFor(*server));
  for (int i = 0; i < 2; ++i) BOOST_TEST(transport.send(request("X"), Context()).body.size() == 400'000u);
  server.reset();  // its threads have ended
  BOOST_REQUIRE(accepted.size() == 2u);
  BOOST_TEST(accepted[0] == "identity");
  BOOST_TEST(accepted[1] == "gzip");
}

BOOST_AUTO_TEST_CASE(compression_may_be_decided_beforehand) {
  for (const Compression wanted : {Compression::always, Compression::never}) {
    std::vector<std::string> accepted;
    auto server = std::make_unique<ScriptedServer>(answering([&](const ServerRequest& got) {
      accepted.push_back(got.headers.at("accept-encoding"));
      return ServerAnswer{};
    }));
    ConnectionOptions options = optionsFor(*server);
    options.compression = wanted;
    CurlTransport transport(options);
    transport.send(request("X"), Context());
    server.reset();
    BOOST_REQUIRE(accepted.size() == 1u);
    BOOST_TEST(accepted[0] == (wanted == Compression::always ? "gzip" : "identity"));
  }
}

BOOST_AUTO_TEST_CASE(what_is_slow_is_a_matter_of_rate) {
  GzipChoice choice;
  choice.note(100'000, std::chrono::seconds(10));  // too small to tell
  BOOST_TEST(!choice.pays());
  choice.note(10'000'000, std::chrono::seconds(1));
  BOOST_TEST(!choice.pays());
  choice.note(1'000'000, std::chrono::seconds(1));
  BOOST_TEST(choice.pays());
  choice.note(100'000'000, std::chrono::seconds(1));  // packed answers may well be quick
  BOOST_TEST(choice.pays());
}

BOOST_AUTO_TEST_CASE(gzip_and_chunks_are_undone) {
  const std::string text(300'000, 'v');
  ScriptedServer server([&text](ServerConnection& connection) {
    ServerRequest got;
    while (connection.read(got)) {
      const std::string packed = gzip(text);
      connection.write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (std::size_t at = 0; at < packed.size(); at += 100) {
        const std::string chunk = packed.substr(at, 100);
        char size[16];
        static_cast<void>(std::snprintf(size, sizeof(size), "%zx\r\n", chunk.size()));
        connection.write(size + chunk + "\r\n");
      }
      connection.write("0\r\n\r\n");
    }
  });
  CurlTransport transport(optionsFor(server));
  BOOST_TEST((transport.send(request("X"), Context()).body == text));
  BOOST_TEST((transport.send(request("X"), Context()).body == text));
  BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(a_body_is_streamed_for_status_200_only) {
  int status = 200;
  ScriptedServer server(answering([&status](const ServerRequest&) {
    return ServerAnswer{status, std::string(200'000, 'x'), {}};
  }));
  CurlTransport transport(optionsFor(server));
  std::size_t streamed = 0, pieces = 0;
  Request one = request("X");
  one.onBody = [&](std::string_view piece) {
    streamed += piece.size();
    ++pieces;
  };
  BOOST_TEST(transport.send(one, Context()).body.empty());
  BOOST_TEST(streamed == 200'000u);
  BOOST_TEST(pieces > 1u);
  status = 500;
  BOOST_TEST(transport.send(one, Context()).body.size() == 200'000u);
  BOOST_TEST(streamed == 200'000u);
}

BOOST_AUTO_TEST_CASE(an_exception_from_the_receiver_passes_through_and_the_transport_goes_on) {
  ScriptedServer server(answering([](const ServerRequest&) {
    return ServerAnswer{200, std::string(200'000, 'x'), {}};
  }));
  CurlTransport transport(optionsFor(server));
  Request one = request("X");
  one.onBody = [](std::string_view) { throw std::logic_error("enough"); };
  BOOST_CHECK_THROW(transport.send(one, Context()), std::logic_error);
  BOOST_TEST(transport.send(request("X"), Context()).body.size() == 200'000u);
}

BOOST_AUTO_TEST_CASE(redirects_are_answers_not_followed) {
  ScriptedServer server(answering([](const ServerRequest&) {
    return ServerAnswer{302, "moved", {{"Location", "https://127.0.0.1:1/login"}}};
  }));
  const Outcome outcome = trySend(optionsFor(server), request("X"));
  BOOST_REQUIRE(outcome.response);
  BOOST_TEST(outcome.response->status == 302);
  BOOST_TEST(outcome.response->header("location") == "https://127.0.0.1:1/login");
  BOOST_TEST(server.requests() == 1u);
}

BOOST_AUTO_TEST_CASE(an_interim_answer_is_passed_over) {
  ScriptedServer server(once([](ServerConnection& connection) {
    connection.write("HTTP/1.1 100 Continue\r\nX-Interim: yes\r\n\r\n");
    connection.answer({200, "final", {}});
  }));
  const Outcome outcome = trySend(optionsFor(server), request("X"));
  BOOST_REQUIRE(outcome.response);
  BOOST_TEST(outcome.response->status == 200);
  BOOST_TEST(outcome.response->header("x-interim") == "");
}

BOOST_AUTO_TEST_CASE(answers_larger_than_allowed_are_ended_also_when_they_unpack_to_it) {
  ScriptedServer server(answering([](const ServerRequest& one) {
    if (one.body == "plain") return ServerAnswer{200, std::string(200'000, ' '), {}};
    return ServerAnswer{200, gzip(std::string(50'000'000, ' ')), {{"Content-Encoding", "gzip"}}};
  }));
  ConnectionOptions options = optionsFor(server);
  options.maxAnswerBytes = 100'000;
  for (const char* kind : {"plain", "bomb"}) {
    const Outcome outcome = trySend(options, request("X", Replay::safe, kind));
    BOOST_TEST(outcome.category() == "malformedAnswer");
    BOOST_TEST(outcome.says("larger than 100000 bytes"));
    BOOST_TEST(outcome.says("--max-answer-bytes"));
    BOOST_TEST(!outcome.transient);
  }
}

// Sends its body until the client has had enough.
ScriptedServer::Handler endless(const std::string& head, const std::string& piece) {
  return once([head, piece](ServerConnection& connection) {
    connection.write(head);
    while (connection.write(piece)) {
    }
  });
}

BOOST_AUTO_TEST_CASE(what_is_kept_whole_is_bounded_more_closely_than_what_is_passed_on) {
  const std::string piece(1 << 20, ' ');
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 3221225472\r\n\r\n";  // 3 GiB
  ScriptedServer::Options plain;
  plain.tls = false;
  ScriptedServer server(endless(head, piece), plain);
  const Outcome kept = trySend(optionsFor(server, false), request("X"));
  BOOST_TEST(kept.category() == "malformedAnswer");
  BOOST_TEST(kept.says("larger than 67108864 bytes (unpacked)"), kept.text());
  ConnectionOptions more = optionsFor(server, false);
  more.maxAnswerBytes = 400ull << 20;
  BOOST_TEST(trySend(more, request("X")).says("larger than 104857600 bytes"));
  // Passed on piece by piece, it may have all that is allowed.
  ConnectionOptions options = optionsFor(server, false);
  options.maxAnswerBytes = 100'000'000;
  std::uint64_t received = 0;
  Request streamed = request("X");
  streamed.onBody = [&received](std::string_view part) { received += part.size(); };
  const Outcome passed = trySend(options, streamed);
  BOOST_TEST(passed.says("larger than 100000000 bytes"), passed.text());
  BOOST_TEST(received > 67'108'864u);
  BOOST_TEST(received <= 100'000'000u);
}

BOOST_AUTO_TEST_CASE(an_answer_that_unpacks_to_too_many_times_its_size_is_ended) {
  const std::string packed = gzip(std::string(300'000'000, ' '));
  ScriptedServer server(answering([&packed](const ServerRequest&) {
    return ServerAnswer{200, packed, {{"Content-Encoding", "gzip"}}};
  }));
  std::uint64_t received = 0;
  Request streamed = request("X");
  streamed.onBody = [&received](std::string_view part) { received += part.size(); };
  const Outcome outcome = trySend(optionsFor(server), streamed);
  BOOST_TEST(outcome.category() == "malformedAnswer");
  BOOST_TEST(outcome.says("unpacks to more than 200 times its size"), outcome.text());
  BOOST_TEST(!outcome.transient);
  BOOST_TEST(received < 120'000'000u);
  // As well packed as the XML of a large site may be.
  std::string text;
  while (text.size() < 80'000'000)
    text += "<objects><obj type=\"VirtualMachine\">vm-" + std::to_string(text.size()) + "</obj></objects>";
  ScriptedServer honest(answering([&text](const ServerRequest&) {
    return ServerAnswer{200, gzip(text), {{"Content-Encoding", "gzip"}}};
  }));
  received = 0;
  BOOST_TEST(trySend(optionsFor(honest), streamed).response.has_value());
  BOOST_TEST(received == text.size());
}

BOOST_AUTO_TEST_CASE(an_answer_cut_at_any_byte_is_never_taken_for_a_whole_one) {
  const std::string body = "<Envelope><Body><XResponse/></Body></Envelope>";
  const std::string length =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  char size[16];
  static_cast<void>(std::snprintf(size, sizeof(size), "%zx\r\n", body.size()));
  const std::string chunked =
      std::string("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") + size + body + "\r\n0\r\n\r\n";
  const std::string packed = gzip(body);
  const std::string zipped =
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + std::to_string(packed.size()) +
      "\r\n\r\n" + packed;
  for (const bool tls : {false, true}) {
    for (const std::string& whole : {length, chunked, zipped}) {
      std::atomic<std::size_t> cut = 0;  // read by the server's thread
      ScriptedServer::Options options;
      options.tls = tls;
      ScriptedServer server(once([&whole, &cut](ServerConnection& connection) {
                              connection.write(std::string_view(whole).substr(0, cut));
                              connection.cut();  // without TLS's farewell
                            }),
                            options);
      CurlTransport transport(optionsFor(server, tls));
      for (cut = 0; cut < whole.size(); cut += tls ? 13 : 5) {
        const Outcome outcome = trySend(transport, request("X"));
        BOOST_TEST_CONTEXT(cut << " of " << whole) {
          BOOST_TEST(!outcome.response.has_value());
          BOOST_TEST((outcome.category() == "malformedAnswer" || outcome.category() == "unreachable"));
          BOOST_TEST((outcome.fate == Fate::unknown));
          // What ends within the first line can't be told from another protocol.
          if (cut == 0 || cut >= 17) BOOST_TEST(outcome.transient);
        }
      }
      cut = whole.size();
      BOOST_TEST(trySend(transport, request("X")).response.has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(endless_headers_are_ended) {
  ScriptedServer server(once([](ServerConnection& connection) {
    connection.write("HTTP/1.1 200 OK\r\n");
    const std::string line = "X-Long: " + std::string(10'000, 'x') + "\r\n";
    while (connection.write(line)) {
    }
  }));
  const Outcome outcome = trySend(optionsFor(server), request("X"));
  BOOST_TEST(outcome.category() == "malformedAnswer");
  BOOST_TEST(outcome.says("headers"));
}

BOOST_AUTO_TEST_CASE(damaged_answers_are_told_apart) {
  const auto outcomeOf = [](const std::string& bytes, bool cut) {
    ScriptedServer server(once([&bytes, cut](ServerConnection& connection) {
      connection.write(bytes);
      if (cut) connection.cut();
    }));
    return trySend(optionsFor(server), request("RetrievePropertiesEx"));
  };
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n";
  const Outcome cutOff = outcomeOf(head + "0123456789", true);
  BOOST_TEST(cutOff.category() == "malformedAnswer");
  BOOST_TEST(cutOff.says("RetrievePropertiesEx was cut off after 10 bytes"));
  BOOST_TEST((cutOff.fate == Fate::unknown));
  BOOST_TEST(cutOff.transient);

  const Outcome nothing = outcomeOf("", true);
  BOOST_TEST(nothing.category() == "unreachable");
  BOOST_TEST(nothing.says("closed the connection before it answered RetrievePropertiesEx on Thing:thing-1"));
  BOOST_TEST((nothing.fate == Fate::unknown));

  BOOST_TEST(outcomeOf("SSH-2.0-OpenSSH_9.2\r\n", true).category() == "malformedAnswer");
  BOOST_TEST(outcomeOf("SSH-2.0-OpenSSH_9.2\r\n", true).says("not HTTP"));
  const std::string packed = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip";
  BOOST_TEST(outcomeOf(packed, false).category() == "malformedAnswer");
  BOOST_TEST(outcomeOf(packed, false).says("unpacked"));
  const std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nxx";
  BOOST_TEST(outcomeOf(chunked, false).category() == "malformedAnswer");
}

}  // namespace
}  // namespace failback::vsphere
