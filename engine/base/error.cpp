#include "base/error.hpp"

#include <utility>

namespace vw {
namespace {

constexpr const char* hint_mark = "\nhint: ";

std::string joined(const std::string& where, const std::string& message) {
  return where.empty() ? message : where + ": " + message;
}

}  // namespace

Error::Error(std::string where, std::string message, std::string hint)
    : where_(std::move(where)), message_(std::move(message)), hint_(std::move(hint)), text_(joined(where_, message_)) {}

Error Error::internal(std::string message) {
  Error error("internal", std::move(message));
  error.kind_ = Kind::internal;
  return error;
}

Error Error::within(const std::string& context) const {
  Error error = *this;
  if (context.empty()) return error;
  error.where_ = where_.empty() ? context : context + ": " + where_;
  error.text_ = joined(error.where_, error.message_);
  return error;
}

Error Error::with_traceback(std::string traceback) const {
  Error error = *this;
  error.traceback_ = std::move(traceback);
  return error;
}

std::string describe(const Error& error) {
  std::string text = error.what();
  if (!error.hint().empty()) text += hint_mark + error.hint();
  return text;
}

Error error_from_text(const std::string& where, const std::string& text) {
  const auto mark = text.rfind(hint_mark);
  if (mark == std::string::npos) return {where, text};
  return {where, text.substr(0, mark), text.substr(mark + std::string(hint_mark).size())};
}

}  // namespace vw
