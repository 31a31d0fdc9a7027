#include "bqconn/emulator/server.hpp"

#include <httplib.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/emulator/connection_threads.hpp"
#include "bqconn/emulator/connections_of_port.hpp"

namespace bqconn::emulator {
namespace {

constexpr auto host = "127.0.0.1";
constexpr std::size_t largest_body = 1024 * 1024;
constexpr std::time_t keep_alive_seconds = 60;
constexpr std::size_t keep_alive_requests = 100'000;
constexpr std::time_t read_timeout_seconds = 30;

class LibraryThreads final : public httplib::TaskQueue {
  public:
    void enqueue(std::function<void()> job) override { threads_.run(std::move(job)); }
    void shutdown() override { threads_.finish(); }

  private:
    ConnectionThreads threads_;
};

std::unique_ptr<httplib::Server> make_library_server(const ServerOptions& options) {
    if (options.tls_certificate.empty()) {
        return std::make_unique<httplib::Server>();
    }
    auto server = std::make_unique<httplib::SSLServer>(options.tls_certificate.c_str(),
                                                       options.tls_key.c_str());
    if (!server->is_valid()) {
        throw Error(ExitCode::config, "tls.unusable",
                    "the TLS certificate or its key cannot be used: " + options.tls_certificate +
                        ", " + options.tls_key,
                    "give PEM files: --tls-cert the certificate (and its chain), --tls-key its "
                    "private key without a passphrase");
    }
    return server;
}

Request request_of(const httplib::Request& request, std::string body) {
    Pairs headers;
    for (const auto& [name, value] : request.headers) {
        // The library adds these to what was sent.
        if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" &&
            name != "LOCAL_PORT") {
            headers.emplace_back(name, value);
        }
    }
    return make_request(request.method, request.target, std::move(headers), std::move(body));
}

// A body follows the head. Without either header none does, whatever the method: the library would
// wait for one until its timeout.
bool has_body(const httplib::Request& request) {
    return request.has_header("Content-Length") || request.has_header("Transfer-Encoding");
}

}  // namespace

class Server::Listener {
  public:
    Listener(Emulator& emulator, const ServerOptions& options);
    ~Listener() { stop(); }

    std::uint16_t port() const { return port_; }
    bool tls() const { return tls_; }
    void start();
    void stop();

  private:
    void configure();
    void listen(std::uint16_t port);
    void add_handlers();
    void read_and_answer(const httplib::Request& request, httplib::Response& response,
                         const httplib::ContentReader& reader);
    void answer(const httplib::Request& request, std::string body, httplib::Response& response);
    void deliver(const httplib::Request& request, const Answer& answer,
                 httplib::Response& response);

    Emulator& emulator_;
    std::unique_ptr<httplib::Server> server_;
    bool tls_;
    std::uint16_t port_ = 0;
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::atomic<bool> ended_ = false;
};

Server::Listener::Listener(Emulator& emulator, const ServerOptions& options)
    : emulator_(emulator),
      server_(make_library_server(options)),
      tls_(!options.tls_certificate.empty()) {
    configure();
    add_handlers();
    listen(options.port);
}

void Server::Listener::configure() {
    // The library's default is SO_REUSEPORT, with which another process could share the port and
    // take requests away.
    server_->set_socket_options([](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    });
    // Head and body leave in two writes; Nagle would hold the second for 40 ms.
    server_->set_tcp_nodelay(true);
    server_->set_keep_alive_max_count(keep_alive_requests);
    server_->set_keep_alive_timeout(keep_alive_seconds);
    server_->set_read_timeout(read_timeout_seconds);
    server_->set_payload_max_length(largest_body);
    server_->new_task_queue = [] { return new LibraryThreads; };
}

void Server::Listener::listen(std::uint16_t port) {
    if (port == 0) {
        const int found = server_->bind_to_any_port(host);
        if (found > 0) {
            port_ = static_cast<std::uint16_t>(found);
            return;
        }
    } else if (server_->bind_to_port(host, port)) {
        port_ = port;
        return;
    }
    throw Error(ExitCode::network, "listen.failed",
                "cannot listen on " + std::string(host) + ":" + std::to_string(port),
                port == 0 ? "" : "the port is in use or reserved; --port 0 takes a free one");
}

void Server::Listener::add_handlers() {
    server_->set_pre_routing_handler(
        [this](const httplib::Request& request, httplib::Response& response) {
            if (has_body(request)) {
                return httplib::Server::HandlerResponse::Unhandled;
            }
            answer(request, {}, response);
            return httplib::Server::HandlerResponse::Handled;
        });
    const auto with_body = [this](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& reader) {
        read_and_answer(request, response, reader);
    };
    const auto without_body = [this](const httplib::Request& request, httplib::Response& response) {
        answer(request, {}, response);
    };
    const std::string everything = R"([\s\S]*)";
    server_->Post(everything, with_body);
    server_->Put(everything, with_body);
    server_->Patch(everything, with_body);
    server_->Delete(everything, with_body);
    server_->Get(everything, without_body);
    server_->Options(everything, without_body);
}

void Server::Listener::read_and_answer(const httplib::Request& request, httplib::Response& response,
                                       const httplib::ContentReader& reader) {
    std::string body;
    const auto take = [&](const char* data, std::size_t size) {
        body.append(data, size);
        return body.size() <= largest_body;
    };
    const bool read = request.is_multipart_form_data()
                          ? reader([](const auto&) { return true; }, take)
                          : reader(take);
    if (!read) {
        // The library has set 400 or 413.
        return;
    }
    answer(request, std::move(body), response);
}

void Server::Listener::answer(const httplib::Request& request, std::string body,
                              httplib::Response& response) {
    deliver(request, emulator_.answer(request_of(request, std::move(body))), response);
}

void Server::Listener::deliver(const httplib::Request& request, const Answer& answer,
                               httplib::Response& response) {
    if (answer.delivery.delay.count() > 0) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, answer.delivery.delay, [this] { return stopping_; });
    }
    response.status = answer.status;
    if (answer.delivery.reset) {
        reset_connection(port_, static_cast<std::uint16_t>(request.remote_port));
        return;
    }
    for (const auto& [name, value] : answer.headers) {
        response.set_header(name, value);
    }
    const auto cut_off = answer.delivery.cut_off;
    if (!cut_off || *cut_off >= answer.body.size()) {
        response.body = answer.body;
        return;
    }
    response.set_content_provider(answer.body.size(), "application/json",
                                  [part = answer.body.substr(0, *cut_off)](
                                      std::size_t offset, std::size_t, httplib::DataSink& sink) {
                                      if (offset == 0 && !part.empty()) {
                                          return sink.write(part.data(), part.size());
                                      }
                                      return false;
                                  });
}

void Server::Listener::start() {
    thread_ = std::thread([this] {
        server_->listen_after_bind();
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    });
    // Until it runs, the library does not hear a stop().
    while (!server_->is_running() && !ended_) {
        std::this_thread::yield();
    }
}

void Server::Listener::stop() {
    if (!thread_.joinable()) {
        return;
    }
    server_->stop();
    std::unique_lock lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
    // Again and again: a connection that was just accepted is not among the first ones found.
    constexpr std::chrono::milliseconds pause{5};
    do {
        end_reading(port_);
    } while (!changed_.wait_for(lock, pause, [this] { return ended_.load(); }));
    lock.unlock();
    thread_.join();
}

Server::Server(Emulator& emulator, const ServerOptions& options)
    : listener_(std::make_unique<Listener>(emulator, options)) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
    return listener_->port();
}

std::string Server::url() const {
    return std::string(listener_->tls() ? "https://" : "http://") + host + ":" +
           std::to_string(listener_->port());
}

void Server::start() {
    listener_->start();
}

void Server::stop() {
    listener_->stop();
}

}  // namespace bqconn::emulator
