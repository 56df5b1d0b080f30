// SPDX-License-Identifier: GPL-2.0-or-later
// A row is its members one after the other, as vm_members.h lists them: numbers as variable-length integers
// with the sign last, texts as length and bytes, shared texts as their number. What may be absent has a 0 for
// that, and everything else is one more.
#include "discovery/packed_vms.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <optional>
#include <tuple>
#include <type_traits>

#include "discovery/vm_members.h"

namespace failback::discovery {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
}
std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>(value >> 1) ^ -static_cast<std::int64_t>(value & 1);
}

// How a UUID is written down.
enum class UuidForm : char {
  none,
  text,         // something else: its length and its bytes
  dashed,       // 16 bytes, of "42b2051f-f73f-b71d-e433-91e84681a67a"
  dashedUpper,  // 16 bytes, of a disk's "6000C29f-...", where only that C is upper case
  bare,         // 16 bytes, of 32 digits
};
constexpr std::size_t kUuidBytes = 16;
constexpr std::size_t kBareSize = 32, kDashedSize = 36;
constexpr std::size_t kUpperAt = 4;

// Where the two digits of each byte stand.
using DigitPlaces = std::array<unsigned char, kUuidBytes>;
constexpr DigitPlaces kBarePlaces = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30};
constexpr DigitPlaces kDashedPlaces = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
constexpr std::array<std::size_t, 4> kDashes = {8, 13, 18, 23};

constexpr unsigned char kNoDigit = 0x80;
constexpr std::array<unsigned char, 256> kDigits = [] {
  std::array<unsigned char, 256> digits{};
  digits.fill(kNoDigit);
  for (unsigned char i = 0; i < 10; ++i) digits['0' + i] = i;
  for (unsigned char i = 0; i < 6; ++i) digits['a' + i] = static_cast<unsigned char>(10 + i);
  return digits;
}();

unsigned char digitAt(std::string_view text, std::size_t at) {
  return kDigits[static_cast<unsigned char>(text[at])];
}

UuidForm packUuid(std::string_view text, std::array<char, kUuidBytes>& bytes) {
  const bool dashed = text.size() == kDashedSize;
  if (!dashed && text.size() != kBareSize) return UuidForm::text;
  if (dashed && !std::ranges::all_of(kDashes, [&](std::size_t at) { return text[at] == '-'; }))
    return UuidForm::text;
  const bool upper = dashed && text[kUpperAt] == 'C';
  const DigitPlaces& places = dashed ? kDashedPlaces : kBarePlaces;
  unsigned seen = 0;
  for (std::size_t i = 0; i < kUuidBytes; ++i) {
    const std::size_t at = places[i];
    const unsigned high = upper && at == kUpperAt ? 12 : digitAt(text, at), low = digitAt(text, at + 1);
    seen |= high | low;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  if ((seen & kNoDigit) != 0) return UuidForm::text;
  return upper ? UuidForm::dashedUpper : dashed ? UuidForm::dashed : UuidForm::bare;
}

void unpackUuid(std::string_view bytes, UuidForm form, std::string& text) {
  constexpr std::string_view digits = "0123456789abcdef";
  const bool dashed = form != UuidForm::bare;
  const DigitPlaces& places = dashed ? kDashedPlaces : kBarePlaces;
  text.assign(dashed ? kDashedSize : kBareSize, '-');
  for (std::size_t i = 0; i < kUuidBytes; ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    text[places[i]] = digits[byte >> 4];
    text[places[i] + 1u] = digits[byte & 0xFu];
  }
  if (form == UuidForm::dashedUpper) text[kUpperAt] = 'C';
}

}  // namespace

class PackedVmWriter {
 public:
  PackedVmWriter(PackedVms& vms, std::string& row) : vms_(vms), row_(row) {}

  void count(std::uint64_t value) {
    while (value >= 0x80) {
      row_ += static_cast<char>(value | 0x80);
      value >>= 7;
    }
    row_ += static_cast<char>(value);
  }

  void text(const std::string& x) {
    count(x.size());
    row_ += x;
  }
  void text(const std::optional<std::string>& x) {
    count(x ? x->size() + 1 : 0);
    if (x) row_ += *x;
  }
  void uuid(const std::optional<std::string>& x) {
    std::array<char, kUuidBytes> bytes{};
    const UuidForm form = x ? packUuid(*x, bytes) : UuidForm::none;
    row_ += static_cast<char>(form);
    if (form == UuidForm::text) {
      text(*x);
    } else if (form != UuidForm::none) {
      row_.append(bytes.data(), bytes.size());
    }
  }
  void texts(const std::vector<std::string>& x) {
    count(x.size());
    for (const std::string& one : x) text(one);
  }
  void word(const std::string& x) { count(vms_.wordId(x)); }
  void word(const std::optional<std::string>& x) { count(x ? vms_.wordId(*x) + 1 : 0); }
  void word(const std::vector<std::string>& x) {
    count(x.size());
    for (const std::string& one : x) word(one);
  }
  template <class T>
  requires std::is_integral_v<T>
  void number(T x) { count(zigzag(static_cast<std::int64_t>(x))); }
  template <class T>
  void number(const std::optional<T>& x) {
    row_ += static_cast<char>(x ? 1 : 0);
    if (x) number(*x);
  }
  void number(const std::optional<bool>& x) { row_ += static_cast<char>(x ? 1 + (*x ? 1 : 0) : 0); }
  void number(const std::vector<std::int32_t>& x) {
    count(x.size());
    for (const std::int32_t one : x) number(one);
  }
  void numberLists(const std::vector<std::vector<std::int32_t>>& x) {
    count(x.size());
    for (const auto& one : x) number(one);
  }
  void own(const vsphere::Moref& x) {
    text(x.value);
    word(x.type);
    word(x.serverGuid);
  }
  void own(const std::optional<vsphere::Moref>& x) {
    row_ += static_cast<char>(x ? 1 : 0);
    if (x) own(*x);
  }
  void owns(const std::vector<vsphere::Moref>& x) {
    count(x.size());
    for (const vsphere::Moref& one : x) own(one);
  }
  void ref(const vsphere::Moref& x) {
    word(x.value);
    word(x.type);
    word(x.serverGuid);
  }
  void ref(const std::optional<vsphere::Moref>& x) {
    row_ += static_cast<char>(x ? 1 : 0);
    if (x) ref(*x);
  }
  void ref(const std::vector<vsphere::Moref>& x) {
    count(x.size());
    for (const vsphere::Moref& one : x) ref(one);
  }
  template <class T>
  void each(std::vector<T>& x) {
    count(x.size());
    for (T& one : x) walk(*this, one);
  }
  template <class T>
  void maybe(std::optional<T>& x) {
    row_ += static_cast<char>(x ? 1 : 0);
    if (x) walk(*this, *x);
  }
  void map(const std::map<std::string, std::string>& x) {
    count(x.size());
    for (const auto& [key, value] : x) {
      word(key);
      text(value);
    }
  }

 private:
  PackedVms& vms_;
  std::string& row_;
};

// Writes over whatever its values hold: what they have of memory is used again.
class PackedVmReader {
 public:
  PackedVmReader(const PackedVms& vms, const char* row) : vms_(vms), at_(row) {}

  std::uint64_t count() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at_++);
      value |= std::uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
  }
  std::string_view bytes(std::uint64_t size) {
    const char* from = at_;
    at_ += size;
    return {from, static_cast<std::size_t>(size)};
  }
  const std::string& wordAt(std::uint64_t id) const { return vms_.words_[id]; }

  void text(std::string& x) { x.assign(bytes(count())); }
  void text(std::optional<std::string>& x) {
    const std::uint64_t size = count();
    if (size == 0) return x.reset();
    if (!x) x.emplace();
    x->assign(bytes(size - 1));
  }
  void uuid(std::optional<std::string>& x) {
    const auto form = static_cast<UuidForm>(*at_++);
    if (form == UuidForm::none) return x.reset();
    if (!x) x.emplace();
    if (form == UuidForm::text) return text(*x);
    unpackUuid(bytes(kUuidBytes), form, *x);
  }
  void texts(std::vector<std::string>& x) {
    x.resize(count());
    for (std::string& one : x) text(one);
  }
  void word(std::string& x) { x = wordAt(count()); }
  void word(std::optional<std::string>& x) {
    const std::uint64_t id = count();
    if (id == 0) return x.reset();
    x = wordAt(id - 1);
  }
  void word(std::vector<std::string>& x) {
    x.resize(count());
    for (std::string& one : x) word(one);
  }
  template <class T>
  requires std::is_integral_v<T>
  void number(T& x) { x = static_cast<T>(unzigzag(count())); }
  template <class T>
  void number(std::optional<T>& x) {
    if (*at_++ == 0) return x.reset();
    number(x.emplace());
  }
  void number(std::optional<bool>& x) {
    const char state = *at_++;
    if (state == 0) return x.reset();
    x = state == 2;
  }
  void number(std::vector<std::int32_t>& x) {
    x.resize(count());
    for (std::int32_t& one : x) number(one);
  }
  void numberLists(std::vector<std::vector<std::int32_t>>& x) {
    x.resize(count());
    for (auto& one : x) number(one);
  }
  void own(vsphere::Moref& x) {
    text(x.value);
    word(x.type);
    word(x.serverGuid);
  }
  void own(std::optional<vsphere::Moref>& x) {
    if (present(x)) own(*x);
  }
  void owns(std::vector<vsphere::Moref>& x) {
    x.resize(count());
    for (vsphere::Moref& one : x) own(one);
  }
  void ref(vsphere::Moref& x) {
    word(x.value);
    word(x.type);
    word(x.serverGuid);
  }
  void ref(std::optional<vsphere::Moref>& x) {
    if (present(x)) ref(*x);
  }
  void ref(std::vector<vsphere::Moref>& x) {
    x.resize(count());
    for (vsphere::Moref& one : x) ref(one);
  }
  template <class T>
  void each(std::vector<T>& x) {
    x.resize(count());
    for (T& one : x) walk(*this, one);
  }
  template <class T>
  void maybe(std::optional<T>& x) {
    if (present(x)) walk(*this, *x);
  }
  void map(std::map<std::string, std::string>& x) {
    x.clear();
    for (std::uint64_t left = count(); left > 0; --left) {
      const std::string& key = wordAt(count());
      x.emplace_hint(x.end(), key, bytes(count()));
    }
  }

  // What machines are ordered by: the row's first members.
  auto key() {
    const std::string_view path = bytes(count());
    const std::string_view value = bytes(count());
    const std::string_view type = wordAt(count());
    return std::make_tuple(path, type, value, std::string_view(wordAt(count())));
  }

 private:
  // Is it there? Then `x` has a value, perhaps a former one.
  template <class T>
  bool present(std::optional<T>& x) {
    if (*at_++ == 0) {
      x.reset();
      return false;
    }
    if (!x) x.emplace();
    return true;
  }

  const PackedVms& vms_;
  const char* at_;
};

void PackedVms::add(const vsphere::VirtualMachine& vm) {
  row_.clear();
  usualAt_ = 0;
  PackedVmWriter writer(*this, row_);
  // The list of members is one for both ways, so it takes what may be changed; the writer changes nothing.
  walk(writer, const_cast<vsphere::VirtualMachine&>(vm));  // NOLINT(cppcoreguidelines-pro-type-const-cast)
  rows_.push_back(keep(row_));
}

vsphere::VirtualMachine PackedVms::get(std::size_t index) const {
  vsphere::VirtualMachine vm;
  get(index, vm);
  return vm;
}

void PackedVms::get(std::size_t index, vsphere::VirtualMachine& vm) const {
  PackedVmReader reader(*this, rows_[index]);
  walk(reader, vm);
}

void PackedVms::sort() {
  std::ranges::sort(rows_, {}, [this](const char* row) { return PackedVmReader(*this, row).key(); });
}

std::uint64_t PackedVms::wordId(std::string_view text) {
  const std::size_t at = usualAt_++;
  if (at == usual_.size()) usual_.push_back(newWordId(text));
  std::uint64_t& usual = usual_[at];
  if (words_[usual] != text) usual = newWordId(text);
  return usual;
}

std::uint64_t PackedVms::newWordId(std::string_view text) {
  const auto known = wordIds_.find(text);
  if (known != wordIds_.end()) return known->second;
  const std::uint64_t id = words_.size();
  words_.emplace_back(text);
  wordIds_.emplace(words_.back(), id);
  bytes_ += text.size() + sizeof(std::string);
  return id;
}

const char* PackedVms::keep(std::string_view row) {
  bytes_ += row.size();
  if (row.size() > kBlock / 8) {  // a block of its own, before the open one
    auto block = std::make_unique<char[]>(row.size());
    std::memcpy(block.get(), row.data(), row.size());
    const char* kept = block.get();
    blocks_.insert(blocks_.begin(), std::move(block));
    return kept;
  }
  if (row.size() > left_) {
    blocks_.push_back(std::make_unique<char[]>(kBlock));
    left_ = kBlock;
  }
  char* place = blocks_.back().get() + (kBlock - left_);
  std::memcpy(place, row.data(), row.size());
  left_ -= row.size();
  return place;
}

}  // namespace failback::discovery
