#include "bqconn/emulator/server.hpp"

#include <httplib.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

#include "bqconn/core/error.hpp"
#include "bqconn/emulator/connection_threads.hpp"
#include "bqconn/emulator/connections_of_port.hpp"
#include "bqconn/emulator/http_handlers.hpp"

namespace bqconn::emulator {
namespace {

constexpr auto host = "127.0.0.1";
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
                    "cannot use the TLS certificate or its key: " + options.tls_certificate + ", " +
                        options.tls_key,
                    "both must be PEM files: the certificate with its chain, and its private key "
                    "without a passphrase");
    }
    return server;
}

// Sets `listening_socket` once it exists.
void configure(httplib::Server& server, int& listening_socket) {
    // The library's default, SO_REUSEPORT, would let another process share the port and receive
    // requests.
    server.set_socket_options([&listening_socket](socket_t socket) {
        const int yes = 1;
        setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
        listening_socket = socket;
    });
    // Head and body are two writes; Nagle's algorithm would delay the second by 40 ms.
    server.set_tcp_nodelay(true);
    server.set_keep_alive_max_count(keep_alive_requests);
    server.set_keep_alive_timeout(keep_alive_seconds);
    server.set_read_timeout(read_timeout_seconds);
    server.new_task_queue = [] { return new LibraryThreads; };
}

// Returns the port.
std::uint16_t listen_on(httplib::Server& server, std::uint16_t port) {
    int listening_socket = -1;
    configure(server, listening_socket);
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

}  // namespace

class Server::Listener {
  public:
    Listener(Emulator& emulator, const ServerOptions& options)
        : handlers_(emulator),
          server_(make_library_server(options)),
          tls_(!options.tls_certificate.empty()) {
        handlers_.add_to(*server_);
        port_ = listen_on(*server_, options.port);
    }
    ~Listener() { stop(); }

    std::uint16_t port() const { return port_; }
    bool tls() const { return tls_; }
    void start();
    void stop();

  private:
    HttpHandlers handlers_;
    std::unique_ptr<httplib::Server> server_;
    bool tls_;
    std::uint16_t port_ = 0;
    std::thread thread_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool ended_ = false;
};

void Server::Listener::start() {
    thread_ = std::thread([this] {
        server_->listen_after_bind();
        const std::lock_guard lock(mutex_);
        ended_ = true;
        changed_.notify_all();
    });
    // The library ignores stop() until it is running.
    std::unique_lock lock(mutex_);
    while (!server_->is_running() && !ended_) {
        changed_.wait_for(lock, std::chrono::microseconds(100));
    }
}

void Server::Listener::stop() {
    if (!thread_.joinable()) {
        return;
    }
    server_->stop();
    handlers_.finish(std::chrono::seconds(1));
    {
        // Repeat: a connection that was just accepted may not be found the first time.
        std::unique_lock lock(mutex_);
        do {
            end_connections(port_);
        } while (!changed_.wait_for(lock, std::chrono::milliseconds(5), [this] { return ended_; }));
    }
    thread_.join();
}

Server::Server(Emulator& emulator, const ServerOptions& options)
    : listener_(std::make_unique<Listener>(emulator, options)) {
    emulator.set_url(url());
}

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
