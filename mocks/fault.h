// SPDX-License-Identifier: GPL-2.0-or-later
// A vim fault on its way to the client: thrown by whatever answers a call, written by the SOAP service, or
// put into a task's info or a missingSet.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/value.h"

namespace failback::mock {

class Fault : public std::exception {
 public:
  // `detail` is an object of the fault's type, `text` what people read.
  Fault(Value detail, std::string text) : detail_(std::move(detail)), text_(std::move(text)) {}

  const char* what() const noexcept override { return text_.c_str(); }
  const Value& detail() const { return detail_; }
  const std::string& text() const { return text_; }
  std::string_view type() const { return detail_.asObject()->type().name; }

  // As TaskInfo.error and MissingProperty.fault hold it.
  Value localized() const;

 private:
  Value detail_;
  std::string text_;
};

Fault makeFault(std::string_view type, std::string text, const std::vector<Field>& fields = {});

// The ones that many places throw, with the texts of a real server.
Fault notAuthenticated(const MoRef& object, std::string_view privilege);
Fault noPermission(const MoRef& object, std::string_view privilege);
Fault objectNotFound(const MoRef& object);
Fault invalidProperty(std::string_view path);
Fault invalidArgument(std::string_view property, std::string_view why = {});
Fault notSupported(std::string_view what);

}  // namespace failback::mock
