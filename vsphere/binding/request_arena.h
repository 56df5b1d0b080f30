// SPDX-License-Identifier: GPL-2.0-or-later
// Owns the generated objects that a request points to.
#pragma once

#include <memory>
#include <vector>

#include "vim25/soapStub.h"
#include "vsphere/model/moref.h"

namespace failback::vsphere {

// Lives as long as the request is used. One thread at a time.
class RequestArena {
 public:
  template <class T>
  T* make() {
    auto object = std::make_unique<T>();
    T* made = object.get();
    objects_.push_back(std::move(object));
    return made;
  }

  vim25__ManagedObjectReference* reference(const Moref& ref);

 private:
  std::vector<std::unique_ptr<xsd__anyType>> objects_;
};

}  // namespace failback::vsphere
