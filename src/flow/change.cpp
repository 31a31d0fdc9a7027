#include "bqconn/flow/change.hpp"

#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/connections.hpp"

namespace bqconn::flow {
namespace {

using std::chrono::steady_clock;

Operation operation_on(std::string_view code, std::string_view participle, std::string look) {
    return {.code = code,
            .object = "the connection",
            .participle = participle,
            .look = std::move(look)};
}

// Applies a change of the connection `id`; empty: of a new one.
Stored store(FlowService& service, const Call& call, int success, const Operation& operation,
             const std::string& id) {
    const http::Response response = apply(service, call, success, operation);
    try {
        const Stored stored = read_stored(response);
        if (!id.empty() && stored.id != id) {
            throw std::runtime_error("its id is not the one requested");
        }
        service.confirm_change();
        return stored;
    } catch (const std::runtime_error& error) {
        throw outcome_unknown(
            operation, response,
            "the response (HTTP " + std::to_string(success) + ") is invalid: " + error.what());
    }
}

std::string ids_of(const std::vector<Connection>& connections) {
    std::string ids;
    for (const auto& connection : connections) {
        ids += "\n  " + connection.id;
    }
    return ids;
}

// The connections created since `began`. The service's time at `began` is the Date of the list less
// the time that has passed, so the offset between the clocks does not matter; Date is truncated to
// the second, so the result is early rather than late. Undated connections are not counted.
std::vector<Connection> created_since(const Found& found, steady_clock::time_point began,
                                      steady_clock::time_point now) {
    std::vector<Connection> created;
    if (!found.answered_at) {
        return created;
    }
    const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(now - began).count();
    const auto earliest = *found.answered_at - passed;
    for (const auto& connection : found.connections) {
        if (connection.created_at >= earliest && !connection.etag.empty()) {
            created.push_back(connection);
        }
    }
    return created;
}

CreateResult recover(FlowService& service, const std::string& name, const OutcomeUnknown& lost,
                     steady_clock::time_point began, const Clock& clock) {
    std::vector<Connection> created;
    Found found;
    look_until_found(lost, clock, [&](std::string& seen) {
        found = find_connections(service, name);
        created = created_since(found, began, clock.now());
        if (created.size() > 1) {
            throw lost.with("several connections with that name were created in the meantime:" +
                            ids_of(created));
        }
        seen = found.connections.empty() ? "no connection with that name exists yet"
                                         : "the connections with that name are older or undated:" +
                                               ids_of(found.connections);
        return created.size() == 1;
    });
    CreateResult result{created.front().id, created.front().etag, Outcome::recovered};
    for (const auto& one : found.connections) {
        if (one.id != result.id) {
            result.namesakes.push_back(one.id);
        }
    }
    return result;
}

// The existing connection, if any.
std::optional<CreateResult> existing(FlowService& service, const std::string& name,
                                     IfExists if_exists) {
    const Found found = find_connections(service, name);
    if (found.connections.empty()) {
        return std::nullopt;
    }
    const bool several = found.connections.size() > 1;
    if (if_exists == IfExists::error || several) {
        throw Error(ExitCode::conflict, several ? "conflict.several_exist" : "conflict.exists",
                    std::string(several ? "connections" : "a connection") + " named \"" + name +
                        "\" exist" + (several ? "" : "s") + " in sandbox " +
                        service.access().sandbox_name + ":" + ids_of(found.connections),
                    several ? "delete or rename all but one, or give another --name"
                            : "give another --name, or use --if-exists reuse or update");
    }
    const Connection& one = found.connections.front();
    if (one.etag.empty()) {
        throw Error(ExitCode::bad_response, "bad_response.list",
                    "the connection " + one.id + " was listed without an etag",
                    "run the command again later");
    }
    return CreateResult{one.id, one.etag, Outcome::existing};
}

}  // namespace

std::optional<IfExists> parse_if_exists(std::string_view word) {
    if (word == "new") {
        return IfExists::create;
    }
    if (word == "error") {
        return IfExists::error;
    }
    if (word == "reuse") {
        return IfExists::reuse;
    }
    return word == "update" ? std::optional(IfExists::update) : std::nullopt;
}

Call create_call(const connection::BaseConnection& connection) {
    return {.method = http::Method::post, .path = "/connections", .body = create_body(connection)};
}

Call update_call(const std::string& id, const std::string& etag, const Change& change) {
    return {.method = http::Method::patch,
            .path = "/connections/" + id,
            .body = update_body(change),
            .if_match = etag};
}

Call remove_call(const std::string& id) {
    return {.method = http::Method::del, .path = "/connections/" + id};
}

CreateResult create_once(FlowService& service, const connection::BaseConnection& connection,
                         const CreateOptions& options, const Clock& clock) {
    constexpr int created = 201;
    if (options.if_exists != IfExists::create) {
        if (const auto found = existing(service, connection.name, options.if_exists)) {
            return *found;
        }
    }
    const std::string look = "bqconn list --name " + shell_quoted(connection.name);
    const auto began = clock.now();
    try {
        const Stored stored = store(service, create_call(connection), created,
                                    operation_on("unknown.create", "created", look), "");
        return {stored.id, stored.etag, Outcome::created};
    } catch (const OutcomeUnknown& lost) {
        if (!options.recover || lost.interrupted()) {
            throw;
        }
        return recover(service, connection.name, lost, began, clock);
    } catch (const Error& error) {
        if (error.exit_code() != ExitCode::conflict) {
            throw;
        }
        throw Error(error.exit_code(), error.code(), error.message(),
                    "a connection with that name may exist: " + look +
                        "; give another --name, or use --if-exists reuse or update")
            .answered_as(error);
    }
}

Stored update(FlowService& service, const std::string& id, const std::string& etag,
              const Change& change) {
    constexpr int changed = 200;
    return store(service, update_call(id, etag, change), changed,
                 operation_on("unknown.update", "changed", "bqconn get " + id), id);
}

Outcome remove(FlowService& service, const std::string& id, const Clock& clock, bool recover) {
    constexpr int no_content = 204;
    const auto is_absent = [](const Error& error) {
        return error.code() == code::connection_not_found;
    };
    try {
        apply(service, remove_call(id), no_content,
              operation_on("unknown.delete", "deleted", "bqconn get " + id));
        return Outcome::deleted;
    } catch (const OutcomeUnknown& lost) {
        if (lost.interrupted() || !recover) {
            throw;
        }
        look_until_found(lost, clock, [&](std::string& seen) {
            try {
                read_connection(service, id);
            } catch (const Error& error) {
                if (is_absent(error)) {
                    return true;
                }
                throw;
            }
            seen = still_existed;
            return false;
        });
        return Outcome::recovered;
    } catch (const Error& error) {
        if (is_absent(error)) {
            return Outcome::absent;
        }
        throw;
    }
}

}  // namespace bqconn::flow
