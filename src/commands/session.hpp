// What every verb that calls Adobe needs: a transport, a token, and Flow Service using both, also
// for many calls in parallel.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/commands/verb.hpp"
#include "bqconn/config/resolve.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/http/connect_ahead.hpp"
#include "bqconn/http/pace.hpp"
#include "bqconn/http/transport.hpp"

namespace bqconn::commands {

// The folder of cached tokens; empty: no cache.
std::string token_folder(const Context& context);

// The token cache for this access; with --no-cache it stores nothing.
auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access);

// The user's own token, or one that is fetched over `transport` and hidden from all output. With a
// `limit` of all calls together, a refused token is not replaced.
auth::TokenSource token_source(Context& context, const config::Settings& settings,
                               const connection::Access& access, http::Transport& transport,
                               std::optional<std::chrono::milliseconds> limit = {});

// Retries where it is safe, at the `pace` if there is one, and logs each attempt if logging is on.
// With a `limit` on all calls together: no retries and no log.
std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings,
                                                std::optional<std::chrono::milliseconds> limit = {},
                                                http::Pace* pace = nullptr);

// One unit of work for Session::run_jobs().
struct Job {
    std::string sandbox;
    std::vector<std::size_t> after;  // indexes of jobs that must end first; all smaller
    // Returns false if no further job should start. Runs on any thread.
    std::function<bool(flow::FlowService& service)> run;
};

class Session {
  public:
    // With a `limit` on all calls together, for completion: no retries, and no output or log. The
    // sandbox of `access` may be empty if only jobs make calls.
    Session(Context& context, const config::Settings& settings, const connection::Access& access,
            std::optional<std::chrono::milliseconds> limit = {});

    flow::FlowService& service() { return service_; }

    // Runs the jobs on up to `parallel` threads, including this one, in the order of their indexes
    // as far as `after` allows. Each thread has a connection of its own; all share the access token
    // and the pace. Once a job returns false or throws, no further job starts; when the running
    // ones have ended, throws the exception of the first job, by index, that threw. Uses only this
    // thread if the transports do not support more. A job must use only the service passed to it.
    void run_jobs(const std::vector<Job>& jobs, std::size_t parallel);

    // Runs the reads in parallel, and throws the first error in their order. Does not start the
    // pace.
    using Read = std::function<void(flow::FlowService& service)>;
    void read_all(const std::vector<Read>& reads);

  private:
    void run(const std::vector<Job>& jobs, std::size_t parallel);

    http::Pace pace_;  // of the calls to the platform
    std::function<std::unique_ptr<http::Transport>()> make_another_;  // empty: not supported
    std::unique_ptr<http::Transport> transport_;
    std::unique_ptr<http::Transport> token_transport_;  // null: use transport_
    auth::TokenSource tokens_;
    std::unique_ptr<http::ConnectAhead> ahead_;  // null: connects when the token is available
    flow::FlowService service_;
    // The transports of the workers, kept for later jobs. Each is used by one thread at a time.
    std::vector<std::unique_ptr<http::Transport>> others_;
};

}  // namespace bqconn::commands
