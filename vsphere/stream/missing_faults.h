// SPDX-License-Identifier: GPL-2.0-or-later
// Why a property is missing: a fault, of any kind, for each property that the server would not give. They are
// few, or many that are alike: each is written down again as XML, decoded by the typed decoder, and
// remembered.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/binding/soap_codec.h"
#include "vsphere/model/unreadable.h"
#include "vsphere/stream/sax_reader.h"

namespace failback::vsphere::stream {

// Not thread-safe. The codec must outlive it.
class MissingFaults {
 public:
  explicit MissingFaults(const SoapCodec& codec) : codec_(codec) {}

  // One element missingSet: its tags and text as they come, its own start and end not among them.
  void begin();
  void start(const char* name, const SaxAttributes& attributes);
  void end(const char* name);
  void text(std::string_view piece);
  // What it says of this object.
  struct Read {
    std::vector<Unreadable> unreadable;
    bool notAuthenticated = false;
  };
  const Read& finish();

 private:
  Read decode() const;

  const SoapCodec& codec_;
  std::string xml_;
  std::map<std::string, Read, std::less<>> known_;
  Read last_;
};

}  // namespace failback::vsphere::stream
