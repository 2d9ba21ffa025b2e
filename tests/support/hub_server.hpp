// A small Hugging Face Hub of a test's own on 127.0.0.1: lists and serves the files that it was given, and goes wrong
// where it was told to.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace vw::test {

// Something else than the file that lies there.
struct Answer {
  unsigned status = 200;
  std::string body = {};
  std::map<std::string, std::string> headers = {};
  std::optional<std::size_t> cut_after_bytes = {};  // of the body; then the connection ends
  double delay_s = 0;                               // before anything is sent
  bool is_file = false;                             // the file after all: late, or cut off
};

struct Seen {
  std::string target, range, authorization;
};

class HubServer {
 public:
  HubServer();
  ~HubServer();
  HubServer(const HubServer&) = delete;
  HubServer& operator=(const HubServer&) = delete;

  std::string host() const;  // "127.0.0.1:12345"
  std::string url() const { return "http://" + host(); }

  static const std::string commit;  // of every model, unless said
  static std::string listing_target(const std::string& id, const std::string& revision = "main");
  static std::string file_target(const std::string& id, const std::string& name, const std::string& at = commit);

  // A repository whose branch `revision` is at `at`.
  void add_model(const std::string& id, const std::map<std::string, std::string>& files,
                 const std::string& revision = "main", const std::string& at = commit);
  // Served at this path and query, in pieces when asked for pieces.
  void put(const std::string& target, const std::string& content);
  // The next answers there, one after the other; then what was put.
  void answer(const std::string& target, std::vector<Answer> answers);
  // Every answer there.
  void always(const std::string& target, const Answer& answer);
  // Every request takes this long.
  void delay(double seconds);

  std::vector<Seen> seen() const;      // in the order they came
  std::size_t most_at_a_time() const;  // requests that were being answered together
  void forget();                       // what was seen

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vw::test
