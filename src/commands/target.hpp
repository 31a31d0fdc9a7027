// The connection a verb works on: finding it by ID or by exact name, and saying what became of it.
#pragma once

#include <string>

#include "bqconn/commands/verb.hpp"
#include "bqconn/config/assemble.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/connections.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/output/console.hpp"
#include "bqconn/output/result.hpp"

namespace bqconn::commands {

// How to reach Adobe, from the settings. Throws Error listing everything that is missing.
connection::Access access_of(const config::Settings& settings,
                             config::AccessTo needed = config::AccessTo::sandbox);

// The first operand, or the ID of the one connection named --name. Throws Error: `usage` for
// neither or both, `not_found` with similar names, `conflict` for several.
std::string target_id(flow::FlowService& service, const Task& task);

// The ID of the one BigQuery connection with that name. Throws Error as above.
std::string id_of_name(flow::FlowService& service, const std::string& name);

// What an ID identifies. `base_connection`: a connection that --connection-name can name instead.
enum class IdOf { connection, base_connection, dataflow, run };

// Returns the ID if it has only allowed characters. Throws Error (usage).
const std::string& checked_id(const std::string& operand, IdOf kind = IdOf::connection);

// The connection. If there is none with that ID, the Error names the sandbox and similar names and
// IDs.
flow::Connection read_target(flow::FlowService& service, const std::string& id);

// Throws Error (usage) for a connection to another source: bqconn changes and deletes only Google
// BigQuery connections.
void refuse_other_source(const flow::Connection& one);

// What `get` shows of a connection or a dataflow.
struct Shown {
    std::string id;
    std::string etag;
    const char* missing_etag;  // the code of the error if it is asked for but empty
    std::string text;
    json::OrderedJson document;  // to which the sandbox is added
};

// Throws Error (`bad_response`) if the etag is asked for but empty.
void print_one(Context& context, const Task& task, Shown one);

// The new credentials of a connection, with its stored datasets unless the settings have others:
// a dataset is not a credential, but params are replaced as a whole. Throws Error (usage) if the
// credentials are of another kind than the connection's.
connection::Auth auth_for(config::Settings settings, const flow::Connection& one);

// The etag to send in If-Match: that of --if-match, or else the `current` one, as just read. Throws
// Error (`bad_response`) if there is none.
std::string etag_for(const config::Settings& settings, const std::string& current,
                     const flow::Subject& subject = {"the connection", "bad_response.connection"});

// Whether the connection passes its test. If it cannot be tested, throws Error (partial, `code`);
// `done` continues "the connection ID …": "was updated (etag …)".
bool passes_test(flow::FlowService& service, const std::string& id, const char* code,
                 const std::string& done);

// The error for a failed connection test. `more` continues "… the credentials of ID": "; the
// connection was deleted". `next` says what to do with new credentials; empty: update it.
Error test_failed(const std::string& id, const std::string& more, const std::string& next = {});

// Prints the result of a change. Throws Error (`output`), with id and etag in its message, if
// stdout did not take it.
void print_result(output::Console& console, const output::ConnectionResult& result,
                  output::Format format);

}  // namespace bqconn::commands
