// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/datastore_lister.h"

#include <algorithm>
#include <utility>

#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/session.h"
#include "vsphere/task_waiter.h"

namespace failback::vsphere {
namespace {

Moref startSearch(const Session& session, const Moref& browser, const std::string& datastoreName,
                  const Context& context) {
  RequestArena arena;
  vim25__SearchDatastoreRequestType request;
  request.datastorePath = "[" + datastoreName + "]";
  request.searchSpec = arena.make<vim25__HostDatastoreBrowserSearchSpec>();
  // Without the type a folder looks like any file.
  request.searchSpec->details = arena.make<vim25__FileQueryFlags>();
  request.searchSpec->details->fileType = true;
  request.searchSpec->details->fileSize = false;
  request.searchSpec->details->modification = false;
  request.searchSpec->details->fileOwner = false;
  return binding::morefOf(session.service().call(browser, request, context)->returnval);
}

}  // namespace

std::vector<TopFile> listTop(const Session& session, const Moref& browser, const std::string& datastoreName,
                             const Context& context) {
  const Moref task = startSearch(session, browser, datastoreName, context);
  if (task.empty()) fail(Category::malformedAnswer, "the answer to SearchDatastore_Task holds no task");
  TaskInfo ended = waitForTasks(session, {task}, {}, context).at(0);
  if (ended.error) throw Failure(std::move(*ended.error));
  if (!ended.files) {
    fail(Category::malformedAnswer,
         "the search of datastore " + datastoreName + " has ended without a result");
  }
  std::sort(ended.files->begin(), ended.files->end(),
            [](const TopFile& a, const TopFile& b) { return a.name < b.name; });
  return std::move(*ended.files);
}

}  // namespace failback::vsphere
