#include "commands/session.hpp"

#include <exception>
#include <future>
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

// Whether the trusted roots are those of all programs, to which SSL_CERT_DIR belongs, and were not
// chosen for bqconn.
bool has_usual_roots(const config::Settings& settings) {
    const config::Source& source = settings.source(config::Setting::ca_file);
    return !settings.has(config::Setting::ca_file) ||
           (source.kind == config::Source::Kind::environment &&
            !source.name.starts_with(config::variable_prefix));
}

// The hint for a profile written in an emulator's shell: its addresses end with that shell. Empty
// for any other.
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

}  // namespace

std::unique_ptr<http::Transport> make_transport(Context& context, const config::Settings& settings,
                                                std::optional<std::chrono::milliseconds> limit) {
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
        [&context](std::string_view line) { context.console.warning(line); });
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
    : make_another_(!limit && context.connects_ahead
                        ? [&context, &settings] { return make_transport(context, settings); }
                        : decltype(make_another_)()),
      transport_(make_transport(context, settings, limit)),
      token_transport_(!limit && connects_ahead(context, access) ? make_transport(context, settings)
                                                                 : nullptr),
      tokens_(token_source(context, settings, access,
                           token_transport_ ? *token_transport_ : *transport_, limit)),
      ahead_(token_transport_
                 ? std::make_unique<http::ConnectAhead>(
                       *transport_, config::transport_options(settings).timeout, context.clock.now)
                 : nullptr),
      service_(*transport_, access, tokens_, ahead_.get()) {}

void Session::read_all(const std::vector<Read>& reads) {
    if (!make_another_) {
        for (const auto& read : reads) {
            read(service_);
        }
        return;
    }
    std::vector<std::future<void>> running;
    running.reserve(reads.size());
    for (std::size_t i = 1; i < reads.size(); ++i) {
        const auto task = [this, &read = reads[i]] {
            const auto transport = make_another_();
            flow::FlowService service(*transport, service_.access(), tokens_);
            read(service);
        };
        try {
            running.push_back(std::async(std::launch::async, task));
        } catch (const std::system_error&) {
            // Without another thread, one after the other.
            running.push_back(std::async(std::launch::deferred, task));
        }
    }
    std::exception_ptr first;
    const auto keep_first = [&first](const auto& finish) {
        try {
            finish();
        } catch (const std::exception&) {
            first = first ? first : std::current_exception();
        }
    };
    keep_first([&] { reads.front()(service_); });
    for (auto& one : running) {
        keep_first([&one] { one.get(); });
    }
    if (first) {
        std::rethrow_exception(first);
    }
}

}  // namespace bqconn::commands
