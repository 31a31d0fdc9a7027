#include "emulator/server/server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <future>
#include <system_error>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"

namespace bqconn::emulator {
namespace {

using namespace std::chrono_literals;

constexpr auto host = "127.0.0.1";
constexpr std::size_t largest_body = 1024 * 1024;
// So long that a stop() that waited for idle connections would exceed the limit of any test.
constexpr std::time_t keep_alive_seconds = 3600;
constexpr std::size_t keep_alive_requests = 100'000;
constexpr std::time_t read_timeout_seconds = 30;

// One thread per connection. The library's own pool has eight threads: eight idle keep-alive
// connections would starve the ninth.
class ThreadPerConnection final : public httplib::TaskQueue {
  public:
    void enqueue(std::function<void()> job) override {
        std::erase_if(jobs_, [](const auto& other) {
            return other.wait_for(0s) == std::future_status::ready;
        });
        jobs_.push_back(std::async(std::launch::async, std::move(job)));
    }
    void shutdown() override { jobs_.clear(); }  // waits for the jobs

  private:
    std::vector<std::future<void>> jobs_;
};

std::unique_ptr<httplib::Server> make_library_server(const Options& options) {
    if (options.tls_certificate.empty()) {
        return std::make_unique<httplib::Server>();
    }
    auto server = std::make_unique<httplib::SSLServer>(options.tls_certificate.c_str(),
                                                       options.tls_key.c_str());
    if (!server->is_valid()) {
        throw Error(ExitCode::config, "tls.unusable",
                    "cannot use the TLS certificate or its key: " + options.tls_certificate + ", " +
                        options.tls_key,
                    "both must be PEM files: the certificate with its chain, and its private key "
                    "without a passphrase");
    }
    return server;
}

// Returns the port.
std::uint16_t listen_on(httplib::Server& server, std::uint16_t port) {
    int listening_socket = -1;
    // The library's default, SO_REUSEPORT, would let another process share the port and receive
    // requests.
    server.set_socket_options([&listening_socket](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        listening_socket = socket;
    });
    int found = port;
    if (port == 0) {
        found = server.bind_to_any_port(host);
    } else if (!server.bind_to_port(host, port)) {
        found = -1;
    }
    if (found > 0) {
        // The library's backlog is 5: if a few clients connect at once, one waits a second.
        listen(listening_socket, SOMAXCONN);
        return static_cast<std::uint16_t>(found);
    }
    throw Error(ExitCode::network, "listen.failed",
                "cannot listen on " + std::string(host) + ":" + std::to_string(port),
                port == 0 ? "" : "the port is in use or reserved; --port 0 selects a free one");
}

using PortOf = int (*)(int, sockaddr*, socklen_t*);

// The port from getsockname or getpeername; 0 if there is none.
std::uint16_t port_of(int socket, PortOf ask) {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    return ask(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
                   address.sin_family == AF_INET
               ? ntohs(address.sin_port)
               : std::uint16_t{0};
}

// The library does not expose the sockets that it has accepted, so they are found among this
// process's descriptors by port.
void for_each_connection(std::uint16_t local_port,
                         const std::function<void(int socket, std::uint16_t peer_port)>& act) {
    std::vector<int> descriptors;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd", ignored)) {
        descriptors.push_back(whole_number<int>(entry.path().filename().string()).value_or(-1));
    }
    for (const int descriptor : descriptors) {
        // Another thread may close the descriptor and reuse its number; the copy stays the same
        // socket.
        const int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
        const std::uint16_t peer_port = port_of(copy, getpeername);
        if (peer_port != 0 && port_of(copy, getsockname) == local_port) {
            act(copy, peer_port);
        }
        if (copy >= 0) {
            close(copy);
        }
    }
}

// Sends a RST at once and discards later writes.
void reset_connection(int local_port, int peer_port) {
    for_each_connection(static_cast<std::uint16_t>(local_port), [&](int socket, int peer) {
        if (peer == peer_port) {
            sockaddr nobody{};
            nobody.sa_family = AF_UNSPEC;
            // Connecting to AF_UNSPEC sends the RST.
            connect(socket, &nobody, sizeof(nobody));
        }
    });
}

Request request_of(const httplib::Request& request, std::string body) {
    Pairs headers;
    for (const auto& [name, value] : request.headers) {
        // The library adds these to the headers sent.
        if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" &&
            name != "LOCAL_PORT") {
            headers.emplace_back(name, value);
        }
    }
    return make_request(request.method, request.target, std::move(headers), std::move(body));
}

// Without either header there is no body, whatever the method: the library would wait for one until
// its timeout.
bool has_body(const httplib::Request& request) {
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

void fill(httplib::Response& response, const Answer& answer) {
    response.status = answer.status;
    for (const auto& [name, value] : answer.headers) {
        response.set_header(name, value);
    }
    response.body = answer.body;
}

// Sends the full Content-Length and only `size` bytes; then the library closes the connection.
void cut_off(httplib::Response& response, std::size_t size) {
    const std::string whole = std::exchange(response.body, {});
    const std::string type = response.get_header_value("Content-Type");
    // The library adds the type again.
    response.headers.erase("Content-Type");
    response.set_content_provider(
        whole.size(), type,
        [part = whole.substr(0, size)](std::size_t offset, std::size_t, httplib::DataSink& sink) {
            return offset == 0 && !part.empty() && sink.write(part.data(), part.size());
        });
}

// Each connection has its own thread and one request at a time.
thread_local bool thread_answers = false;

}  // namespace

Server::Server(Emulator& emulator)
    : emulator_(emulator), server_(make_library_server(emulator.options())) {
    // Head and body are two writes; Nagle's algorithm would delay the second by 40 ms.
    server_->set_tcp_nodelay(true);
    server_->set_keep_alive_max_count(keep_alive_requests);
    server_->set_keep_alive_timeout(keep_alive_seconds);
    server_->set_read_timeout(read_timeout_seconds);
    server_->set_payload_max_length(largest_body);
    server_->new_task_queue = [] { return new ThreadPerConnection; };
    add_handlers();
    port_ = listen_on(*server_, emulator.options().port);
    emulator.set_url(url());
}

Server::~Server() {
    stop();
}

std::string Server::url() const {
    const bool tls = !emulator_.options().tls_certificate.empty();
    return std::string(tls ? "https://" : "http://") + host + ":" + std::to_string(port_);
}

void Server::start() {
    thread_ = std::thread([this] {
        server_->listen_after_bind();
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    });
    // The library ignores stop() until it is running.
    std::unique_lock lock(mutex_);
    while (!server_->is_running() && !ended_) {
        changed_.wait_for(lock, 100us);
    }
}

void Server::stop() {
    if (!thread_.joinable()) {
        return;
    }
    server_->stop();
    {
        std::unique_lock lock(mutex_);
        stopping_ = true;
        changed_.notify_all();
        changed_.wait_for(lock, 1s, [this] { return under_way_ == 0; });
        // Threads that wait for a request wake up. Repeat: a connection that was just accepted may
        // not be found the first time.
        do {
            for_each_connection(port_, [](int socket, auto) { shutdown(socket, SHUT_RDWR); });
        } while (!changed_.wait_for(lock, 5ms, [this] { return ended_; }));
    }
    thread_.join();
}

void Server::add_handlers() {
    const auto without_body = [this](const httplib::Request& request, httplib::Response& response) {
        answer(request, {}, response);
    };
    server_->set_pre_routing_handler(
        [this, without_body](const httplib::Request& request, httplib::Response& response) {
            {
                const std::lock_guard lock(mutex_);
                thread_answers = true;
                ++under_way_;
            }
            if (has_body(request)) {
                return httplib::Server::HandlerResponse::Unhandled;
            }
            without_body(request, response);
            return httplib::Server::HandlerResponse::Handled;
        });
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& reader) {
        read_and_answer(request, response, reader);
    };
    const std::string everything = R"([\s\S]*)";
    server_->Post(everything, with_body)
        .Put(everything, with_body)
        .Patch(everything, with_body)
        .Delete(everything, with_body)
        .Get(everything, without_body)
        .Options(everything, without_body);
    // Called after the answer has been written.
    server_->set_logger([this](const httplib::Request&, const httplib::Response&) {
        const std::lock_guard lock(mutex_);
        // Requests that the library refuses itself never came to the handlers above.
        if (std::exchange(thread_answers, false)) {
            --under_way_;
            changed_.notify_all();
        }
    });
    // Called for every status from 400. The emulator's own answers already have a request id.
    server_->set_error_handler(httplib::Server::HandlerWithResponse(
        [this](const httplib::Request&, httplib::Response& response) {
            if (!response.has_header("x-request-id")) {
                fill(response, emulator_.answer_unreadable(response.status));
            }
            return httplib::Server::HandlerResponse::Handled;
        }));
    // The library would put the exception's message into a header.
    server_->set_exception_handler(
        [this](const httplib::Request&, httplib::Response& response, const std::exception_ptr&) {
            fill(response, emulator_.answer_unreadable(500));
        });
}

void Server::read_and_answer(const httplib::Request& request, httplib::Response& response,
                             const httplib::ContentReader& reader) {
    std::string body;
    const auto take = [&](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= largest_body;
    };
    const bool read = request.is_multipart_form_data()
                          ? reader([](const auto&) { return true; }, take)
                          : reader(take);
    if (read) {
        answer(request, std::move(body), response);
    } else if (body.size() > largest_body) {
        // The library enforces its limit only if Content-Length is sent.
        response.status = 413;
    }
}

void Server::answer(const httplib::Request& request, std::string body,
                    httplib::Response& response) {
    const Answer answer = emulator_.answer(request_of(request, std::move(body)));
    if (answer.delay.count() > 0) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, answer.delay, [this] { return stopping_; });
    }
    fill(response, answer);
    if (answer.reset) {
        reset_connection(request.local_port, request.remote_port);
    } else if (answer.cut_off && *answer.cut_off < answer.body.size()) {
        cut_off(response, *answer.cut_off);
    }
}

}  // namespace bqconn::emulator
