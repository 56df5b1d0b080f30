// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/collector.h"

#include <algorithm>
#include <charconv>

#include "mocks/fault.h"

namespace failback::mock {

Collector::Page Collector::retrieve(const FilterSpec& spec, const Scope& scope, std::size_t limit) {
  std::vector<MoRef> missing;
  SelectedObjects objects = selectObjects(spec, scope, missing);
  Retrieval retrieval{ContentReader(spec), std::move(objects), 0,
                      std::clamp<std::size_t>(limit == 0 ? pageLimit : limit, 1, pageLimit)};
  Page first = page(std::move(retrieval), scope);
  first.missing = std::move(missing);
  return first;
}

Collector::Page Collector::more(const std::string& token, const Scope& scope) {
  const auto found = retrievals_.find(token);
  if (found == retrievals_.end()) throw invalidProperty("token");
  Retrieval retrieval = std::move(found->second);
  retrievals_.erase(found);
  return page(std::move(retrieval), scope);
}

Collector::Page Collector::page(Retrieval retrieval, const Scope& scope) {
  Page page;
  const std::vector<MoRef>& all = *retrieval.objects;
  page.objects.reserve(std::min(retrieval.limit, all.size() - retrieval.next));
  for (; retrieval.next < all.size() && page.objects.size() < retrieval.limit; ++retrieval.next) {
    // An object that has gone since the first page is not an error: it is just not there any more.
    const ManagedObject* object = scope.find(all[retrieval.next]);
    if (object) page.objects.push_back(retrieval.reader.read(*object, scope));
  }
  if (retrieval.next < all.size()) {
    page.token = std::to_string(nextToken_++);
    retrievals_.emplace(page.token, std::move(retrieval));
  }
  return page;
}

Value Collector::state() const {
  std::vector<Value> refs;
  refs.reserve(filters_.size());
  for (const auto& [id, filter] : filters_) refs.emplace_back(filter.ref());
  DataObject state(TypeModel::get().need("PropertyCollector"));
  if (!refs.empty()) state.set("filter", list(std::move(refs)));
  return state;
}

const Filter& Collector::addFilter(MoRef ref, FilterSpec spec, Value original, bool partialUpdates) {
  std::string id = ref.id;
  return filters_
      .emplace(std::move(id), Filter(std::move(ref), std::move(spec), std::move(original), partialUpdates))
      .first->second;
}

const Filter* Collector::filter(std::string_view id) const {
  const auto found = filters_.find(id);
  return found == filters_.end() ? nullptr : &found->second;
}

bool Collector::removeFilter(std::string_view id) {
  const auto found = filters_.find(id);
  if (found == filters_.end()) return false;
  filters_.erase(found);
  return true;
}

std::optional<UpdateSet> Collector::updates(const std::string& version, const Scope& scope,
                                            std::size_t limit) {
  if (version.empty()) {
    for (auto& [id, filter] : filters_) filter.reset();
    last_.reset();
  } else {
    std::uint64_t asked = 0;
    const auto [end, error] = std::from_chars(version.data(), version.data() + version.size(), asked);
    const bool number = error == std::errc() && end == version.data() + version.size();
    if (number && last_ && asked + 1 == version_) return last_;  // its answer was lost on the way
    if (!number || asked != version_ || version_ == 0) {
      throw makeFault("InvalidCollectorVersion",
                      "The version is no longer, or was never, one of this collector.");
    }
  }
  std::size_t room = std::clamp<std::size_t>(limit == 0 ? pageLimit : limit, 1, pageLimit);
  UpdateSet set;
  for (auto& [id, filter] : filters_) {
    filter.notice(scope);
    if (room == 0 || !filter.hasPending()) continue;
    FilterUpdate update = filter.take(scope, room);
    room -= update.objects.size();
    if (!update.objects.empty() || !update.missing.empty()) set.filters.push_back(std::move(update));
  }
  set.truncated = std::any_of(filters_.begin(), filters_.end(),
                              [](const auto& each) { return each.second.hasPending(); });
  if (set.filters.empty()) return std::nullopt;
  set.version = std::to_string(++version_);
  last_ = set;
  return set;
}

}  // namespace failback::mock
