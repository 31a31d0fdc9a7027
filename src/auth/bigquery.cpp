#include "bqconn/auth/bigquery.hpp"

#include "bqconn/auth/google_error.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::auth {
namespace {

json::Json read(http::Transport& transport, const BigQuery& bigquery, const std::string& path,
                const std::string& what) {
    http::Request request;
    request.retry = http::Retry::read;
    request.url = bigquery.url + "/bigquery/v2/projects/" + http::percent_encode(bigquery.project) +
                  "/datasets" + path;
    request.headers.push_back(
        {"Authorization", Secret("Bearer " + bigquery.access_token.reveal()), false});
    request.headers.push_back({"Accept", Secret("application/json")});
    const http::Response response = transport.send(request);
    if (response.status != 200) {
        throw bigquery_refusal(response, what, bigquery.identity);
    }
    try {
        auto document = json::parse(response.body);
        if (document.is_object()) {
            return document;
        }
    } catch (const json::ParseError&) {
        // Handled like any other body that is not an object.
    }
    Error error(ExitCode::bad_response, "bad_response.bigquery",
                "Google BigQuery responded with " + http::summary_of_body(response),
                "check --bigquery-url (BQCONN_BIGQUERY_URL), then run it again");
    error.set_answer(response.status, http::request_id_of(response));
    throw Error(error);
}

}  // namespace

std::vector<Dataset> read_datasets(http::Transport& transport, const BigQuery& bigquery) {
    const json::Json document =
        read(transport, bigquery, "?maxResults=1000", "project " + bigquery.project);
    std::vector<Dataset> datasets;
    const auto found = document.find("datasets");
    if (found == document.end() || !found->is_array()) {
        return datasets;
    }
    for (const auto& item : *found) {
        const auto reference = item.is_object() ? item.find("datasetReference") : item.end();
        if (item.is_object() && reference != item.end()) {
            datasets.push_back({http::service_words(json::string_at(*reference, "datasetId")),
                                http::service_words(json::string_at(item, "location"))});
        }
    }
    return datasets;
}

std::string location_of_dataset(http::Transport& transport, const BigQuery& bigquery,
                                const std::string& dataset) {
    const json::Json document = read(transport, bigquery, "/" + http::percent_encode(dataset),
                                     "dataset " + bigquery.project + "." + dataset);
    return http::service_words(json::string_at(document, "location"));
}

}  // namespace bqconn::auth
