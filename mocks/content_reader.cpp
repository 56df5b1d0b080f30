// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/content_reader.h"

namespace failback::mock {

namespace {

// To prepare a text is worth some objects' reading; and a site may have as many shapes as objects.
constexpr std::size_t firstWorth = 3, mostAnswers = 256;

}  // namespace

ShapeAnswer::ShapeAnswer(const PackedPart& example, AskedPaths asked)
    : asked_(std::move(asked)), store_(example.leaves->store), shape_(example.shape) {
  found_.reserve(asked_->size());
  for (std::size_t i = 0; i < asked_->size(); ++i) {
    const ShapePlace place = locatePath(*shape_, (*asked_)[i]);
    if (place.kind != ShapePlace::Kind::nothing) found_.push_back({i, place});
  }
}

void ShapeAnswer::write(XmlWriter& writer, const PackedPart& object) const {
  const PreparedText* text = texts_.get(writer.release());
  if (!text) text = &texts_.keep(writer.release(), prepare(writer.release()));
  writer.fill(*text, object);
}

std::unique_ptr<const PreparedText> ShapeAnswer::prepare(Release release) const {
  using Kind = ShapePlace::Kind;
  auto made = std::make_unique<PreparedText>();
  XmlWriter writer(made->text, release);
  for (const Found& each : found_) {
    const std::string& path = (*asked_)[each.path];
    const ShapePlace& place = each.place;
    if (place.kind == Kind::byObject) {
      made->gaps.push_back({made->text.size(), PreparedText::Fill::path, 0, shape_, nullptr, path});
    } else if (place.declared.since <= release) {
      if (place.kind == Kind::emptyList) {
        writer.property(path, List{}, place.declared);
        continue;
      }
      writer.open("propSet");
      writer.textElement("name", path);
      writer.prepareValue(*made, "val", place.declared, *place.shape, place.slot);
      writer.close("propSet");
    }
  }
  return made;
}

ObjectContent ContentReader::read(const ManagedObject& object, const Scope& scope) {
  const auto [paths, fresh] = paths_.try_emplace(&object.type());
  if (fresh) paths->second = pathsFor(spec_, object.type());
  // Who may not do everything may be shown less than there is.
  const PackedPart* packed = scope.unrestricted() ? object.properties().packed() : nullptr;
  if (packed) {
    if (auto answer = answerFor(*packed, paths->second))
      return {object.ref, paths->second, {}, {}, *packed, std::move(answer)};
  }
  return readObject(object, paths->second, scope);
}

std::shared_ptr<const ShapeAnswer> ContentReader::answerFor(const PackedPart& object,
                                                            const AskedPaths& asked) {
  if (object.slot != 0) return nullptr;
  const auto known = answers_.find(object.shape);
  if (known == answers_.end()) {
    if (answers_.size() < mostAnswers) answers_.emplace(object.shape, Answer{1, nullptr});
    return nullptr;
  }
  if (!known->second.prepared && ++known->second.met >= firstWorth)
    known->second.prepared = std::make_shared<const ShapeAnswer>(object, asked);
  return known->second.prepared;
}

}  // namespace failback::mock
