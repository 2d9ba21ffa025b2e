#include "support/hub_server.hpp"

#include "base/json_reader.hpp"

#include <sys/socket.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <deque>
#include <list>
#include <mutex>
#include <sstream>
#include <thread>

namespace vw::test {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using Request = http::request<http::string_body>;

std::string field_of(const Request& request, http::field name) { return std::string(request[name]); }

// "bytes=10-19" of a file as the Hub answers it: 206 and where the piece lies.
Answer file_answer(const std::string& content, const std::string& range) {
  unsigned long first = 0, last = 0;
  if (std::sscanf(range.c_str(), "bytes=%lu-%lu", &first, &last) != 2) return {.status = 200, .body = content};
  if (first >= content.size()) return {.status = 416};
  last = std::min<unsigned long>(last, content.size() - 1);
  const auto place = std::to_string(first) + "-" + std::to_string(last) + "/" + std::to_string(content.size());
  return {
      .status = 206, .body = content.substr(first, last - first + 1), .headers = {{"Content-Range", "bytes " + place}}};
}

std::string on_the_wire(const Answer& answer, bool is_last) {
  http::response<http::string_body> response;
  response.version(11);
  response.result(answer.status);
  response.set(http::field::content_type, "text/plain");
  for (const auto& [name, value] : answer.headers) response.set(name, value);
  response.body() = answer.body;
  response.prepare_payload();
  response.keep_alive(!is_last);
  std::ostringstream text;
  text << response;
  auto bytes = text.str();
  if (answer.cut_after_bytes) bytes.resize(bytes.size() - answer.body.size() + *answer.cut_after_bytes);
  return bytes;
}

}  // namespace

class HubServer::Impl {
 public:
  Impl() : acceptor_(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    listener_ = std::thread([this] { listen(); });
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  ~Impl() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
      for (const auto& connection : connections_) ::shutdown(connection->socket.native_handle(), SHUT_RDWR);
    }
    over_.notify_all();
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    listener_.join();
    for (const auto& connection : connections_) connection->thread.join();
  }

  unsigned short port() const { return acceptor_.local_endpoint().port(); }

  mutable std::mutex mutex_;
  std::map<std::string, std::string> files_;
  std::map<std::string, std::deque<Answer>> answers_;
  std::map<std::string, Answer> always_;
  std::vector<Seen> seen_;
  std::size_t at_a_time_ = 0, most_at_a_time_ = 0;
  double delay_s_ = 0;

 private:
  struct Connection {
    explicit Connection(tcp::socket accepted) : socket(std::move(accepted)) {}
    tcp::socket socket;
    std::thread thread;
  };

  void listen() {
    while (true) {
      boost::system::error_code error;
      tcp::socket socket(context_);
      acceptor_.accept(socket, error);
      const std::lock_guard lock(mutex_);
      if (is_over_ || error) return;
      auto& connection = *connections_.emplace_back(std::make_unique<Connection>(std::move(socket)));
      connection.thread = std::thread([this, &connection] { serve(connection.socket); });
    }
  }

  void serve(tcp::socket& socket) {
    boost::beast::flat_buffer buffer;
    boost::system::error_code error;
    while (!error) {
      Request request;
      http::read(socket, buffer, request, error);
      if (error) break;
      const auto answer = answer_to(request);
      const bool is_last = answer.cut_after_bytes.has_value();
      wait(answer.delay_s);
      asio::write(socket, asio::buffer(on_the_wire(answer, is_last)), error);
      const std::lock_guard lock(mutex_);
      --at_a_time_;
      if (is_last) break;
    }
    boost::system::error_code ignored;
    socket.shutdown(tcp::socket::shutdown_both, ignored);
  }

  Answer answer_to(const Request& request) {
    const std::lock_guard lock(mutex_);
    most_at_a_time_ = std::max(most_at_a_time_, ++at_a_time_);
    const auto target = std::string(request.target());
    const auto range = field_of(request, http::field::range);
    seen_.push_back({target, range, field_of(request, http::field::authorization)});
    auto answer = chosen(target, range);
    answer.delay_s = std::max(answer.delay_s, delay_s_);
    return answer;
  }

  Answer chosen(const std::string& target, const std::string& range) {
    Answer answer{.is_file = true};
    if (const auto fixed = always_.find(target); fixed != always_.end()) answer = fixed->second;
    if (auto& next = answers_[target]; !next.empty()) {
      answer = next.front();
      next.pop_front();
    }
    if (!answer.is_file) return answer;
    const auto file = files_.find(target);
    if (file == files_.end())
      return {.status = 404, .body = "not found", .headers = {{"X-Error-Code", "EntryNotFound"}}};
    auto whole = file_answer(file->second, range);
    whole.delay_s = answer.delay_s;
    whole.cut_after_bytes = answer.cut_after_bytes;
    whole.headers.insert(answer.headers.begin(), answer.headers.end());
    return whole;
  }

  void wait(double seconds) {
    std::unique_lock lock(mutex_);
    over_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return is_over_; });
  }

  asio::io_context context_;
  tcp::acceptor acceptor_;
  std::thread listener_;
  std::list<std::unique_ptr<Connection>> connections_;
  std::condition_variable over_;
  bool is_over_ = false;
};

const std::string HubServer::commit = "5f0b02c75b57c5855da9ae460ce51323ea669d8a";

HubServer::HubServer() : impl_(std::make_unique<Impl>()) {}
HubServer::~HubServer() = default;

std::string HubServer::host() const { return "127.0.0.1:" + std::to_string(impl_->port()); }

std::string HubServer::listing_target(const std::string& id, const std::string& revision) {
  return "/api/models/" + id + "/revision/" + revision + "?blobs=true";
}

std::string HubServer::file_target(const std::string& id, const std::string& name, const std::string& at) {
  return "/" + id + "/resolve/" + at + "/" + name;
}

void HubServer::add_model(const std::string& id, const std::map<std::string, std::string>& files,
                          const std::string& revision, const std::string& at) {
  Json siblings = Json::array();
  for (const auto& [name, content] : files) {
    siblings.push_back({{"rfilename", name}, {"size", content.size()}, {"blobId", "0"}});
    put(file_target(id, name, at), content);
  }
  const Json listing = {{"id", id}, {"sha", at}, {"siblings", siblings}};
  put(listing_target(id, revision), listing.dump());
  put(listing_target(id, at), listing.dump());
}

void HubServer::put(const std::string& target, const std::string& content) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->files_[target] = content;
}

void HubServer::answer(const std::string& target, std::vector<Answer> answers) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->answers_[target].assign(answers.begin(), answers.end());
}

void HubServer::always(const std::string& target, const Answer& answer) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->always_[target] = answer;
}

void HubServer::delay(double seconds) {
  const std::lock_guard lock(impl_->mutex_);
  impl_->delay_s_ = seconds;
}

std::vector<Seen> HubServer::seen() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->seen_;
}

std::size_t HubServer::most_at_a_time() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->most_at_a_time_;
}

void HubServer::forget() {
  const std::lock_guard lock(impl_->mutex_);
  impl_->seen_.clear();
}

}  // namespace vw::test
