#include "commands/session.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "bqconn/config/assemble.hpp"
#include "bqconn/http/logging_transport.hpp"
#include "bqconn/http/retry.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::commands {
namespace {

// Connecting ahead pays off only if a token may be fetched from another host; one server for both,
// as in the emulator, should not hold two connections for one run.
bool connects_ahead(const Context& context, const connection::Access& access) {
    return context.connects_ahead && access.fetching &&
           http::parse_url(access.fetching->ims_url).host_and_port() !=
               http::parse_url(access.platform_url).host_and_port();
}

// Whether the trusted roots are those of all programs. SSL_CERT_DIR adds to these, but not to a CA
// file chosen for bqconn.
bool has_usual_roots(const config::Settings& settings) {
    const config::Source& source = settings.source(config::Setting::ca_file);
    return !settings.has(config::Setting::ca_file) ||
           (source.kind == config::Source::Kind::environment &&
            !source.name.starts_with(config::variable_prefix));
}

// The hint for a profile written inside bqconn-emulator exec, whose addresses stop working with it;
// otherwise empty.
std::string hint_of_profile(const config::Settings& settings) {
    for (const auto setting : {config::Setting::platform_url, config::Setting::ims_url,
                               config::Setting::google_token_url, config::Setting::bigquery_url}) {
        const config::Source& source = settings.source(setting);
        if (source.kind == config::Source::Kind::profile &&
            http::is_loopback_url(settings.text(setting))) {
            return describe(source) +
                   " is an address of this machine: if the profile was written inside "
                   "bqconn-emulator exec, run the command there too, or write the profile again "
                   "outside it (bqconn init --force)";
        }
    }
    return {};
}

// Decides which job runs next. Thread-safe.
class JobQueue {
  public:
    explicit JobQueue(const std::vector<Job>& jobs)
        : dependants_(jobs.size()), missing_(jobs.size()) {
        for (std::size_t i = 0; i < jobs.size(); ++i) {
            for (const std::size_t other : jobs[i].after) {
                if (other >= i) {
                    throw std::logic_error("a job must come after those that it depends on");
                }
                dependants_[other].push_back(i);
            }
            missing_[i] = jobs[i].after.size();
            if (missing_[i] == 0) {
                ready_.insert(i);
            }
        }
    }

    // Waits until a job is ready and takes the first; none if no further job will start.
    std::optional<std::size_t> take() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return stopped_ || !ready_.empty() || running_ == 0; });
        if (stopped_ || ready_.empty()) {
            return std::nullopt;
        }
        ++running_;
        return ready_.extract(ready_.begin()).value();
    }

    void run(std::size_t job, const std::function<bool()>& action) {
        bool goes_on = false;
        std::exception_ptr error;
        try {
            goes_on = action();
        } catch (...) {
            error = std::current_exception();
        }
        const std::lock_guard lock(mutex_);
        --running_;
        stopped_ = stopped_ || !goes_on;
        if (error) {
            errors_.emplace(job, error);
        }
        for (const std::size_t dependant : dependants_[job]) {
            if (--missing_[dependant] == 0) {
                ready_.insert(dependant);
            }
        }
        changed_.notify_all();
    }

    void rethrow_first() const {
        const std::lock_guard lock(mutex_);
        if (!errors_.empty()) {
            std::rethrow_exception(errors_.begin()->second);
        }
    }

  private:
    mutable std::mutex mutex_;  // guards all that follows; not held while a job runs
    std::condition_variable changed_;
    std::vector<std::vector<std::size_t>> dependants_;
    std::vector<std::size_t> missing_;  // how many of a job's `after` have not ended
    std::set<std::size_t> ready_;
    std::size_t running_ = 0;
    bool stopped_ = false;
    std::map<std::size_t, std::exception_ptr> errors_;  // by job
};

}  // namespace

std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings,
                                                std::optional<std::chrono::milliseconds> limit,
                                                http::Pace* pace) {
    http::TransportOptions options = config::transport_options(settings);
    options.loopback_hint = hint_of_profile(settings);
    if (has_usual_roots(settings)) {
        options.ca_folder = config::find(context.environment, "SSL_CERT_DIR");
    }
    if (limit) {
        options.connect_timeout = *limit;
        options.timeout = *limit;
        return std::make_unique<http::DeadlineTransport>(context.make_transport(options), *limit,
                                                         context.clock.now);
    }
    std::unique_ptr<http::Transport> transport = context.make_transport(options);
    if (context.logger) {
        transport = std::make_unique<http::LoggingTransport>(
            std::move(transport), context.logger,
            [&context](std::string_view line) { return context.console.clean(line); },
            context.clock.now);
    }
    return std::make_unique<http::RetryingTransport>(
        std::move(transport), options.timeout, context.clock,
        [&context](std::string_view line) { context.console.warning(line); }, pace);
}

std::string token_folder(const Context& context) {
    return config::xdg_folder(context.environment, "XDG_CACHE_HOME", "/.cache");
}

auth::TokenCache token_cache(Context& context, const config::Settings& settings,
                             const connection::Access& access) {
    std::string folder;
    if (!settings.is_on(config::Setting::no_cache)) {
        folder = token_folder(context);
    }
    return {std::move(folder),
            {access.fetching ? access.fetching->ims_url : "", access.api_key,
             access.fetching ? access.fetching->scopes : ""}};
}

auth::TokenSource token_source(Context& context, const config::Settings& settings,
                               const connection::Access& access, http::Transport& transport,
                               std::optional<std::chrono::milliseconds> limit) {
    if (access.access_token) {
        return auth::TokenSource(*access.access_token);
    }
    return auth::TokenSource(
        {.transport = transport,
         .credentials = *access.fetching,
         .api_key = access.api_key,
         .cache = token_cache(context, settings, access),
         .clock = context.clock,
         .longest_wait = limit ? *limit / 4 : auth::longest_wait,
         .replaces = !limit,
         .hide = [&context](const Secret& token) { context.console.hide(token); },
         .warn = [&context](std::string_view line) { context.console.warning(line); }});
}

Session::Session(Context& context, const config::Settings& settings,
                 const connection::Access& access, std::optional<std::chrono::milliseconds> limit)
    : pace_(context.clock),
      make_another_(!limit && context.connects_ahead
                        ? [this, &context,
                           &settings] { return make_transport(context, settings, {}, &pace_); }
                        : decltype(make_another_)()),
      transport_(make_transport(context, settings, limit, &pace_)),
      token_transport_(!limit && connects_ahead(context, access) ? make_transport(context, settings)
                                                                 : nullptr),
      tokens_(token_source(context, settings, access,
                           token_transport_ ? *token_transport_ : *transport_, limit)),
      ahead_(token_transport_
                 ? std::make_unique<http::ConnectAhead>(
                       *transport_, config::transport_options(settings).timeout, context.clock.now)
                 : nullptr),
      service_(*transport_, access, tokens_, ahead_.get()) {}

void Session::run_jobs(const std::vector<Job>& jobs, std::size_t parallel) {
    pace_.start();
    run(jobs, parallel);
}

void Session::run(const std::vector<Job>& jobs, std::size_t parallel) {
    const std::size_t workers =
        make_another_ ? std::clamp<std::size_t>(parallel, 1, std::max<std::size_t>(jobs.size(), 1))
                      : 1;
    // A transport serves one thread at a time. The token source may use transport_ at any time, on
    // any thread, unless it has its own transport, fetches nothing, or there is only one thread.
    const bool is_free = workers == 1 || token_transport_ || !service_.access().fetching;
    others_.resize(std::max(others_.size(), workers));
    JobQueue queue(jobs);
    const auto work = [&](std::size_t worker) {
        const bool uses_own = worker == 0 && is_free;
        std::optional<flow::FlowService> service;  // of the sandbox of the previous job
        while (const auto index = queue.take()) {
            const Job& job = jobs[*index];
            queue.run(*index, [&] {
                auto& other = others_[worker];
                if (!uses_own && !other) {
                    other = make_another_();
                }
                if (!service || service->access().sandbox_name != job.sandbox) {
                    connection::Access access = service_.access();
                    access.sandbox_name = job.sandbox;
                    service.emplace(uses_own ? *transport_ : *other, std::move(access), tokens_,
                                    uses_own ? ahead_.get() : nullptr);
                }
                return job.run(*service);
            });
        }
    };
    std::vector<std::future<void>> threads;
    threads.reserve(workers);
    try {
        for (std::size_t i = 1; i < workers; ++i) {
            threads.push_back(std::async(std::launch::async, work, i));
        }
    } catch (const std::system_error&) {
        // No further thread can be started: the existing ones do all the work.
    }
    work(0);
    for (auto& thread : threads) {
        thread.get();
    }
    queue.rethrow_first();
}

void Session::read_all(const std::vector<Read>& reads) {
    std::vector<Job> jobs;
    jobs.reserve(reads.size());
    for (const auto& read : reads) {
        jobs.push_back({service_.access().sandbox_name, {}, [&read](flow::FlowService& service) {
                            read(service);
                            return true;
                        }});
    }
    run(jobs, jobs.size());
}

}  // namespace bqconn::commands
