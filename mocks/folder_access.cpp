// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/folder_access.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/file_text.h"
#include "mocks/file_tools.h"
#include "mocks/object_names.h"
#include "mocks/scope.h"
#include "mocks/search_index.h"
#include "mocks/url_text.h"
#include "mocks/xml_writer.h"

namespace failback::mock {

namespace {

constexpr std::string_view prefix = "/folder";
constexpr int okStatus = 200, createdStatus = 201, noContentStatus = 204, unauthorizedStatus = 401,
              forbiddenStatus = 403, notFoundStatus = 404, notAllowedStatus = 405, conflictStatus = 409,
              unsatisfiableStatus = 416, partStatus = 206, failedStatus = 500, notModelledStatus = 501,
              fullStatus = 507;

HttpResponse plain(int status, std::string text) {
  return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text) + "\n"};
}

struct Entry {
  std::string name, link, size, modified;
};

HttpResponse page(const std::string& title, const std::vector<Entry>& entries) {
  std::string body = "<html><head><title>Index of ";
  appendEscaped(body, title);
  body += "</title></head><body><h1>Index of ";
  appendEscaped(body, title);
  body += "</h1><table><tr><th>Name</th><th>Last modified</th><th>Size</th></tr>\n";
  for (const Entry& each : entries) {
    body += "<tr><td><a href=\"";
    appendEscaped(body, each.link);
    body += "\">";
    appendEscaped(body, each.name);
    body += fmt::format("</a></td><td>{}</td><td>{}</td></tr>\n", each.modified, each.size);
  }
  return {okStatus, {{"Content-Type", "text/html; charset=utf-8"}}, body + "</table></body></html>\n"};
}

// A part of a URL, with what means something there escaped.
std::string escapedPart(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool plainly = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                         c == '-' || c == '.' || c == '_' || c == '~' || c == '/';
    escaped += plainly ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

int statusOf(const Fault& fault) {
  const std::string_view type = fault.type();
  if (type == "FileNotFound" || type == "InvalidDatastore" || type == "InvalidDatastorePath")
    return notFoundStatus;
  if (type == "NoPermission") return forbiddenStatus;
  if (type == "FileLocked" || type == "FileAlreadyExists") return conflictStatus;
  return type == "NoDiskSpace" ? fullStatus : failedStatus;
}

// "bytes=10-19", "bytes=10-", "bytes=-20": of a file of that size, first byte and how many. Nothing when it
// is no such range, or a list of several: then the whole file is sent, as a server may.
struct Range {
  std::size_t first = 0, count = 0;
};
std::optional<Range> rangeIn(std::string_view header, std::size_t size) {
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return std::nullopt;
  header.remove_prefix(unit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto number = [](std::string_view text) -> std::optional<std::size_t> {
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
  };
  const auto from = number(header.substr(0, dash)), to = number(header.substr(dash + 1));
  if (!from) {
    if (dash != 0 || !to) return std::nullopt;
    const std::size_t count = std::min(*to, size);
    return Range{size - count, count};
  }
  if (dash + 1 < header.size() && (!to || *to < *from)) return std::nullopt;
  if (*from >= size) return Range{size, 0};
  return Range{*from, (to ? std::min(*to, size - 1) : size - 1) - *from + 1};
}

// What a client asked for of a file's bytes.
HttpResponse part(HttpResponse whole, std::string_view header) {
  const std::size_t size = whole.body.size();
  const auto range = whole.asFile ? rangeIn(header, size) : std::nullopt;
  if (!range) return whole;
  if (range->count == 0) {
    HttpResponse refusal = plain(unsatisfiableStatus, "the file is shorter than that");
    refusal.headers.emplace_back("Content-Range", fmt::format("bytes */{}", size));
    return refusal;
  }
  whole.status = partStatus;
  whole.body = whole.body.substr(range->first, range->count);
  whole.headers.emplace_back(
      "Content-Range", fmt::format("bytes {}-{}/{}", range->first, range->first + range->count - 1, size));
  return whole;
}

// The inventory path of a datacenter, which dcPath is.
const ManagedObject* datacenterAt(const World& world, const Scope& scope, const std::string& path) {
  for (const ManagedObject* each : world.inventory.all("Datacenter")) {
    if (inventoryPathOf(world.inventory, each->ref.id) == path && scope.sees(each->ref.id)) return each;
  }
  return nullptr;
}

}  // namespace

bool FolderAccess::serves(std::string_view path) {
  return path == prefix || path.starts_with("/folder/");
}

std::shared_ptr<const Session> FolderAccess::sessionOf(const HttpRequest& request) {
  const std::string cookie = sessionCookieIn(request.header("cookie"));
  if (auto session = world_.sessions.find(cookie, world_.scheduler().now())) return session;
  const auto given = basicCredentials(request.header("authorization"));
  const User* user = given ? world_.findUser(given->user) : nullptr;
  if (!user || !sameSecret(given->password, user->password.empty() ? world_.password : user->password))
    return nullptr;
  // Good for this request alone.
  auto session = std::make_shared<Session>();
  session->user = user;
  return session;
}

HttpResponse FolderAccess::handle(const HttpRequest& request) {
  const std::lock_guard lock(world_.lock());
  const auto session = sessionOf(request);
  if (!session) {
    HttpResponse refusal = plain(unauthorizedStatus, "a session's cookie, or user and password, are needed");
    refusal.headers.emplace_back("WWW-Authenticate", "Basic realm=\"VMware HTTP server\"");
    return refusal;
  }
  const auto question = request.target.find('?');
  const std::string query = question == std::string::npos ? "" : request.target.substr(question + 1);
  Asked asked{unescaped(request.target.substr(prefix.size(), question - prefix.size())),
              inQuery(query, "dcPath"), inQuery(query, "dsName")};
  if (asked.datacenter.starts_with('/')) asked.datacenter.erase(0, 1);
  while (asked.path.starts_with('/')) asked.path.erase(0, 1);
  while (asked.path.ends_with('/')) asked.path.pop_back();
  const Scope scope(world_.inventory, world_.sessions, world_.authorization, session, world_.now());
  const Acting acting(world_.events, {session->user->name, 0});
  try {
    HttpResponse response = answer(request, asked, scope);
    world_.files.updateDatastores();
    world_.inventory.commit();
    return response;
  } catch (const Fault& fault) {
    return plain(statusOf(fault), fault.text());
  } catch (const std::exception& problem) {
    return plain(failedStatus, problem.what());
  }
}

HttpResponse FolderAccess::answer(const HttpRequest& request, const Asked& asked, const Scope& scope) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads && request.method != "PUT" && request.method != "DELETE")
    return plain(notAllowedStatus, "only GET, HEAD, PUT and DELETE");
  std::optional<MoRef> datacenter;
  if (!asked.datacenter.empty() || !isEsxi(world_)) {
    if (asked.datacenter.empty()) return reads ? datacenters(scope) : plain(notFoundStatus, "no dcPath");
    const ManagedObject* found = datacenterAt(world_, scope, asked.datacenter);
    if (!found) return plain(notFoundStatus, fmt::format("there is no datacenter '{}'", asked.datacenter));
    if (asked.datastore.empty())
      return reads ? datastores(scope, *found) : plain(notFoundStatus, "no dsName");
    datacenter = found->ref;
  }
  const FileId file = world_.files.locate(DatastorePath{asked.datastore, asked.path}.text(), datacenter);
  const MoRef store{"Datastore", file.datastore};
  const std::string_view privilege = reads ? "Datastore.Browse" : fileManagement;
  if (!scope.sees(file.datastore) || !scope.may(store, privilege))
    throw noPermission(scope.authorityFor(store), privilege);
  needAccessible(world_, file.datastore);
  if (reads) return part(read(file), request.header("range"));
  if (file.path.empty()) return plain(notAllowedStatus, "that is the datastore itself");
  return request.method == "PUT" ? write(file, request.body) : remove(file);
}

HttpResponse FolderAccess::datacenters(const Scope& scope) const {
  std::vector<Entry> entries;
  for (const ManagedObject* each : world_.inventory.all("Datacenter")) {
    if (!scope.sees(each->ref.id)) continue;
    const std::string path = inventoryPathOf(world_.inventory, each->ref.id);
    entries.push_back({path, fmt::format("/folder?dcPath={}", escapedPart(path)), "", ""});
  }
  return page("datacenters", entries);
}

HttpResponse FolderAccess::datastores(const Scope& scope, const ManagedObject& datacenter) const {
  std::vector<Entry> entries;
  const std::string path = inventoryPathOf(world_.inventory, datacenter.ref.id);
  for (const MoRef& each : refsOfList(datacenter.state.at("datastore"))) {
    if (!scope.sees(each.id)) continue;
    const std::string name = world_.files.nameOf(each.id);
    entries.push_back(
        {name, fmt::format("/folder?dcPath={}&dsName={}", escapedPart(path), escapedPart(name)), "", ""});
  }
  return page("datastores of " + path, entries);
}

HttpResponse FolderAccess::read(const FileId& file) {
  const bool directory = file.path.empty() || world_.files.need(file).kind == FileKind::directory;
  if (directory) {
    const auto datacenter = ancestorOf(world_.inventory, {"Datastore", file.datastore}, "Datacenter");
    const std::string within =
        datacenter && !isEsxi(world_)
            ? "dcPath=" + escapedPart(inventoryPathOf(world_.inventory, datacenter->id)) + "&"
            : "";
    return listing(file, within + "dsName=" + escapedPart(world_.files.nameOf(file.datastore)));
  }
  const auto content = textOfFile(world_.files, file);
  if (!content)
    return plain(notModelledStatus,
                 "mock-vcenter holds no bytes of disks and memory, only what they stand for");
  HttpResponse response{
      okStatus, {{"Content-Type", "application/octet-stream"}, {"Accept-Ranges", "bytes"}}, *content};
  response.asFile = true;
  return response;
}

HttpResponse FolderAccess::listing(const FileId& directory, const std::string& query) {
  std::vector<Entry> entries;
  for (const auto& [name, file] : world_.files.list(directory.datastore, directory.path)) {
    const bool below = file->kind == FileKind::directory;
    const std::string path = directory.path.empty() ? name : directory.path + "/" + name;
    entries.push_back({name + (below ? "/" : ""), fmt::format("/folder/{}?{}", escapedPart(path), query),
                       below ? "" : std::to_string(file->size), file->modified});
  }
  return page(world_.files.pathOf(directory), entries);
}

HttpResponse FolderAccess::write(const FileId& file, const std::string& content) {
  needDirectoryOf(world_, file);
  const StoredFile* before = world_.files.find(file);
  const bool fresh = !before;
  if (before && before->kind == FileKind::directory) return plain(conflictStatus, "that is a directory");
  if (before && (before->disk || before->kind == FileKind::extent))
    return plain(notModelledStatus, "mock-vcenter does not take bytes for disks that it keeps itself");
  if (fresh && isTopLevel(file) && keepsNamespaces(world_, file.datastore))
    return plain(conflictStatus, "files at the top of this datastore are not possible");
  world_.files.needUnlocked(file);
  needSpace(world_, file, static_cast<std::int64_t>(content.size()));
  StoredFile stored = before ? *before : StoredFile{};
  stored.text = content;
  stored.size = static_cast<std::int64_t>(content.size());
  stored.modified = world_.now();
  stored.config = {};
  stored.snapshots = {};
  if (file.path.ends_with(".vmx") || file.path.ends_with(".vmtx")) stored.kind = FileKind::config;
  world_.files.put(file, std::move(stored));
  return plain(fresh ? createdStatus : okStatus, world_.files.pathOf(file));
}

HttpResponse FolderAccess::remove(const FileId& file) {
  world_.files.remove(file);
  return {noContentStatus, {}, {}};
}

}  // namespace failback::mock
