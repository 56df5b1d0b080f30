// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/event_log.h"

namespace failback::vsphere::stream {

void EventLog::start(const char* name, const SaxAttributes& attributes) {
  Event& event = events_.emplace_back();
  event.kind = Event::Kind::start;
  event.name = name;
  bytes_ += sizeof event;
  for (int i = 0; i < attributes.count(); ++i) {
    event.attributes.push_back(
        {attributes.raw(i, 0), attributes.raw(i, 1), attributes.raw(i, 2), std::string(attributes.value(i))});
    bytes_ += sizeof(Attribute) + attributes.value(i).size();
  }
}

void EventLog::end() {
  events_.emplace_back();
  bytes_ += sizeof(Event);
}

void EventLog::text(std::string_view piece) {
  Event& event = events_.emplace_back();
  event.kind = Event::Kind::text;
  event.text = piece;
  bytes_ += sizeof event + piece.size();
}

void EventLog::replay(SaxHandler& handler, const SaxNames& names) const {
  std::vector<const xmlChar*> values;
  for (const Event& event : events_) {
    switch (event.kind) {
      case Event::Kind::start:
        values.clear();
        for (const Attribute& one : event.attributes) {
          const auto* begin = reinterpret_cast<const xmlChar*>(one.value.data());
          values.insert(values.end(), {one.name, one.prefix, one.uri, begin, begin + one.value.size()});
        }
        handler.start(event.name, SaxAttributes(values.data(), static_cast<int>(event.attributes.size()), names));
        break;
      case Event::Kind::end:
        handler.end();
        break;
      case Event::Kind::text:
        handler.text(event.text);
        break;
    }
  }
}

}  // namespace failback::vsphere::stream
