#include "http-transfers/transfers.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace vw::http {

namespace {

using Clock = std::chrono::steady_clock;

// Once per process: libcurl's own set-up, which is never undone because plugins are never unloaded.
void set_up_curl() {
  static const CURLcode done = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(done);
}

long milliseconds(double seconds) { return std::max(1L, static_cast<long>(seconds * 1000)); }

std::string header_of(CURL* easy, const char* name) {
  curl_header* header = nullptr;
  return curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : "";
}

// "bytes 0-99/1234" -> 1234.
std::optional<std::uint64_t> total_of(const std::string& content_range) {
  const auto slash = content_range.rfind('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto digits = content_range.substr(slash + 1);
  const bool is_number = !digits.empty() && digits.size() <= 18 &&
                         std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  return is_number ? std::optional(std::strtoull(digits.c_str(), nullptr, 10)) : std::nullopt;
}

unsigned retries_after(CURLcode code, unsigned retries) {
  switch (code) {
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_SEND_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
    case CURLE_SSL_CONNECT_ERROR:
      return retries;
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:
      return std::min(retries, 1u);
    default:
      return 0;
  }
}

bool is_worth_retrying(long status) {
  return status == 408 || status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

}  // namespace

bool Reply::is_web_page() const {
  const auto start = body.find_first_not_of(" \t\r\n");
  return content_type.starts_with("text/html") || (start != std::string::npos && body[start] == '<');
}

std::string escaped(const std::string& path) {
  std::string result;
  for (const char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                          c == '_' || c == '.' || c == '~' || c == '/';
    char code[4];
    std::snprintf(code, sizeof code, "%%%02X", static_cast<unsigned>(static_cast<unsigned char>(c)));
    result += is_plain ? std::string(1, c) : code;
  }
  return result;
}

std::string escaped_segment(const std::string& name) {
  std::string result;
  for (const char c : escaped(name)) result += c == '/' ? std::string("%2F") : std::string(1, c);
  return result;
}

struct Transfers::Handles {
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi{curl_multi_init(), &curl_multi_cleanup};
};

// All requests of one call. A request waits, runs, perhaps waits again, and is done.
class Transfers::Round {
 public:
  Round(const Caller& caller, const Patience& patience, CURLM* multi, const std::vector<Get>& wanted)
      : caller_(caller), patience_(patience), multi_(multi) {
    for (const auto& get : wanted) jobs_.emplace_back(get);
  }
  Round(const Round&) = delete;
  Round& operator=(const Round&) = delete;
  ~Round() {
    for (auto& job : jobs_)
      if (job.is_running) curl_multi_remove_handle(multi_, job.easy.get());
  }

  std::vector<Reply> run() {
    while (!has_failed_ && start_some()) {
      int running = 0;
      if (const auto code = curl_multi_perform(multi_, &running); code != CURLM_OK) {
        give_up(curl_multi_strerror(code));
        break;
      }
      if (!finish_some()) curl_multi_poll(multi_, nullptr, 0, wait_ms(), nullptr);
    }
    std::vector<Reply> replies;
    for (auto& job : jobs_) replies.push_back(std::move(job.reply));
    return replies;
  }

 private:
  struct Job {
    explicit Job(const Get& wanted) : get(&wanted) {}
    const Get* get;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy{nullptr, &curl_easy_cleanup};
    Reply reply;
    char error[CURL_ERROR_SIZE] = {};
    Clock::time_point not_before{};
    bool is_running = false, is_done = false;
  };

  // Takes what comes; more than was wanted ends the transfer.
  static std::size_t take(char* data, std::size_t /*one*/, std::size_t count, void* to) noexcept {
    auto& job = *static_cast<Job*>(to);
    try {
      auto& body = job.reply.body;
      const auto room = job.get->most_bytes - std::min<std::uint64_t>(job.get->most_bytes, body.size());
      body.append(data, static_cast<std::size_t>(std::min<std::uint64_t>(count, room)));
      job.reply.is_longer = count > room;
      return job.reply.is_longer ? 0 : count;
    } catch (...) {
      return 0;
    }
  }

  void give_up(const char* why) {
    for (auto& job : jobs_)
      if (!job.is_done) job.reply = Reply{.trouble = why, .attempts = 1};
  }

  // False when nothing is left to do.
  bool start_some() {
    bool is_left = false;
    for (auto& job : jobs_) {
      if (running_ >= patience_.parallel) return true;
      is_left = is_left || !job.is_done;
      if (!job.is_done && !job.is_running && Clock::now() >= job.not_before) start(job);
    }
    return is_left;
  }

  void start(Job& job) {
    job.reply = Reply{.attempts = job.reply.attempts + 1};
    job.easy.reset(curl_easy_init());
    if (!job.easy) throw std::bad_alloc();
    set_request(job);
    set_limits(job.easy.get());
    curl_multi_add_handle(multi_, job.easy.get());
    job.is_running = true;
    ++running_;
  }

  void set_request(Job& job) {
    CURL* easy = job.easy.get();
    curl_easy_setopt(easy, CURLOPT_URL, job.get->url.c_str());
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "vllm-wizard/0.1");
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, job.error);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &job);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &job);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take);
    if (job.get->is_piece) {
      const auto last = job.get->first + std::max<std::uint64_t>(job.get->most_bytes, 1) - 1;
      curl_easy_setopt(easy, CURLOPT_RANGE, (std::to_string(job.get->first) + "-" + std::to_string(last)).c_str());
    }
    if (caller_.token.empty()) return;
    // libcurl keeps it back when a redirect leads to another host, port or protocol.
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(easy, CURLOPT_XOAUTH2_BEARER, caller_.token.c_str());
  }

  void set_limits(CURL* easy) const {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, caller_.most_redirects > 0 ? 1L : 0L);
    curl_easy_setopt(easy, CURLOPT_MAXREDIRS, static_cast<long>(caller_.most_redirects));
    if (caller_.goes_round_proxy) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, caller_.stays_secure ? "https" : "http,https");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(patience_.connect_s));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, milliseconds(patience_.total_s));
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(patience_.stall_s)));
  }

  bool finish_some() {
    bool has_finished = false;
    int left = 0;
    while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      char* job = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &job);
      finish(*reinterpret_cast<Job*>(job), message->data.result);
      has_finished = true;
    }
    return has_finished;
  }

  void finish(Job& job, CURLcode code) {
    CURL* easy = job.easy.get();
    curl_multi_remove_handle(multi_, easy);
    job.is_running = false;
    --running_;
    auto& reply = job.reply;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &reply.status);
    reply.content_type = header_of(easy, "Content-Type");
    reply.error_code = header_of(easy, "X-Error-Code");
    if (char* redirect = nullptr; curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &redirect) == CURLE_OK && redirect)
      reply.redirect = redirect;
    reply.total_bytes = total_of(header_of(easy, "Content-Range"));
    curl_off_t wait_s = 0;
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &wait_s);
    reply.retry_after_s = static_cast<double>(wait_s);
    if (code != CURLE_OK && !reply.is_longer) reply.trouble = *job.error != '\0' ? job.error : curl_easy_strerror(code);
    job.easy.reset();
    if (!retry_later(job, code)) {
      job.is_done = true;
      has_failed_ = has_failed_ || !reply.is_good();
    }
  }

  bool retry_later(Job& job, CURLcode code) {
    const auto& reply = job.reply;
    if (reply.is_good()) return false;
    const bool is_answer = reply.trouble.empty();
    const unsigned retries =
        is_answer ? (is_worth_retrying(reply.status) ? patience_.retries : 0) : retries_after(code, patience_.retries);
    if (reply.attempts > retries || reply.retry_after_s > patience_.longest_wait_s) return false;
    const double doubled_s = patience_.first_wait_s * static_cast<double>(1u << std::min(reply.attempts - 1, 10u));
    const double wait_s = std::max(std::min(doubled_s, patience_.longest_wait_s), reply.retry_after_s);
    job.not_before = Clock::now() + std::chrono::milliseconds(milliseconds(wait_s));
    return true;
  }

  int wait_ms() const {
    using std::chrono::milliseconds;
    auto wait = milliseconds(1000);
    for (const auto& job : jobs_)
      if (!job.is_done && !job.is_running && running_ < patience_.parallel)
        wait = std::min(wait, std::chrono::ceil<milliseconds>(job.not_before - Clock::now()));
    return static_cast<int>(std::max<milliseconds::rep>(wait.count(), 0));
  }

  const Caller& caller_;
  const Patience& patience_;
  CURLM* multi_;
  std::vector<Job> jobs_;
  unsigned running_ = 0;
  bool has_failed_ = false;
};

Transfers::Transfers(const Caller& caller, const Patience& patience) : caller_(caller), patience_(patience) {
  set_up_curl();
  handles_ = std::make_unique<Handles>();
  if (!handles_->multi) throw std::bad_alloc();
}

Transfers::~Transfers() = default;

std::vector<Reply> Transfers::get(const std::vector<Get>& wanted) {
  return Round(caller_, patience_, handles_->multi.get(), wanted).run();
}

}  // namespace vw::http
