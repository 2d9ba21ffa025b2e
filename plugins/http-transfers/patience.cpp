#include "http-transfers/patience.hpp"

#include <algorithm>

namespace vw::http {

namespace {

double number_or(const nlohmann::json& settings, const char* key, double usual) {
  const auto found = settings.find(key);
  const bool is_good = found != settings.end() && found->is_number() && found->get<double>() >= 0;
  return is_good ? std::min(found->get<double>(), 3600.0) : usual;
}

}  // namespace

Patience read_patience(const nlohmann::json& settings, const Patience& usual) {
  Patience patience = usual;
  patience.connect_s = number_or(settings, "connect_s", patience.connect_s);
  patience.stall_s = number_or(settings, "stall_s", patience.stall_s);
  patience.total_s = number_or(settings, "total_s", patience.total_s);
  patience.first_wait_s = number_or(settings, "first_wait_s", patience.first_wait_s);
  patience.longest_wait_s = number_or(settings, "longest_wait_s", patience.longest_wait_s);
  return patience;
}

}  // namespace vw::http
