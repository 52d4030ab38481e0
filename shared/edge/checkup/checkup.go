// Package checkup reads how an AWS account is set up, for package doctor to check, and carries out the fixes that
// doctor finds safe. It sends no text: it only asks AWS, by a dry run, whether it would take one. To begin, read
// Account.Look.
package checkup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	ssmtypes "github.com/aws/aws-sdk-go-v2/service/ssm/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"smsconsent/shared/core/doctor"
	"smsconsent/shared/core/phone"
	"smsconsent/shared/core/program"
	"smsconsent/shared/edge/outbox"
)

// Account is an AWS account with a stack in it.
type Account struct {
	doctor.Stack
	config    aws.Config
	catalog   *program.Catalog
	sms       *sms.Client
	functions *lambda.Client
	topics    *sns.Client
	secrets   *ssm.Client
}

// Open returns the account that the configuration has credentials for. stack is the name of the stack in it.
func Open(ctx context.Context, cfg aws.Config, c *program.Catalog, stack string) (*Account, error) {
	out, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return nil, fmt.Errorf("ask AWS who you are: %w", err)
	}
	who, err := arn.Parse(aws.ToString(out.Arn))
	if err != nil {
		return nil, fmt.Errorf("read who you are: %w", err)
	}
	return &Account{
		Stack:  doctor.Stack{Name: stack, Partition: who.Partition, Region: cfg.Region, Account: who.AccountID},
		config: cfg, catalog: c,
		sms: sms.NewFromConfig(cfg), functions: lambda.NewFromConfig(cfg),
		topics: sns.NewFromConfig(cfg), secrets: ssm.NewFromConfig(cfg),
	}, nil
}

// Look reads everything that package doctor checks. Where something cannot be read, the result says why.
func (a *Account) Look(ctx context.Context) *doctor.Seen {
	seen := &doctor.Seen{
		Functions: map[string]doctor.Read[doctor.Function]{}, Keys: map[string]doctor.Read[doctor.Key]{},
		Tries: map[string]doctor.Read[doctor.Try]{},
	}
	for _, name := range doctor.Functions() {
		seen.Functions[name] = read("lambda:GetFunctionConfiguration", func() (doctor.Function, error) {
			return a.function(ctx, name)
		})
	}
	for variable, name := range doctor.KeyNames(seen.Functions) {
		seen.Keys[variable] = read("ssm:DescribeParameters", func() (doctor.Key, error) { return a.key(ctx, variable, name) })
	}
	seen.Runs = a.runs(ctx)
	seen.Inbound, seen.Delivery = a.subscriptions(ctx, a.InboundTopic()), a.subscriptions(ctx, a.DeliveryTopic())
	seen.Alarms = a.subscriptions(ctx, a.AlarmTopic())
	a.texting(ctx, seen)
	for i := range a.catalog.Brands {
		b := &a.catalog.Brands[i]
		for j := range b.Programs {
			p := &b.Programs[j]
			seen.Tries[b.ID+"/"+p.ID] = read("sms-voice:SendTextMessage", func() (doctor.Try, error) { return a.try(ctx, b, p) })
		}
	}
	return seen
}

// read calls ask, and turns an error into the reason why there is no answer.
func read[T any](action string, ask func() (T, error)) doctor.Read[T] {
	is, err := ask()
	if err == nil {
		return doctor.Read[T]{Is: is}
	}
	u := &doctor.Unread{Action: action, Why: "it could not be reached"}
	if fault, ok := errors.AsType[smithy.APIError](err); ok {
		u.Why = fault.ErrorCode()
		// AWS services name this error differently.
		u.Denied = strings.HasPrefix(u.Why, "AccessDenied") || strings.HasPrefix(u.Why, "AuthorizationError")
	}
	return doctor.Read[T]{Unread: u}
}

// function reads a deployed function. A function that does not exist has no State.
func (a *Account) function(ctx context.Context, name string) (doctor.Function, error) {
	in := &lambda.GetFunctionConfigurationInput{
		FunctionName: aws.String(a.Stack.Function(name)), Qualifier: aws.String(doctor.Alias),
	}
	out, err := a.functions.GetFunctionConfiguration(ctx, in)
	if _, none := errors.AsType[*lambdatypes.ResourceNotFoundException](err); none {
		return doctor.Function{}, nil
	}
	if err != nil {
		return doctor.Function{}, err
	}
	f := doctor.Function{State: string(out.State)}
	if out.Environment != nil {
		f.Variables = out.Environment.Variables
	}
	return f, nil
}

// key reads whether a parameter exists and, where that is allowed, whether its value is usable. The value is not
// kept.
func (a *Account) key(ctx context.Context, variable, name string) (doctor.Key, error) {
	k := doctor.Key{Name: name}
	named := ssmtypes.ParameterStringFilter{Key: aws.String("Name"), Option: aws.String("Equals"), Values: []string{name}}
	all, err := a.secrets.DescribeParameters(ctx, &ssm.DescribeParametersInput{
		ParameterFilters: []ssmtypes.ParameterStringFilter{named},
	})
	if err != nil || len(all.Parameters) == 0 {
		return k, err
	}
	k.Type = string(all.Parameters[0].Type)
	k.Faulty = read("ssm:GetParameter", func() (string, error) {
		in := &ssm.GetParameterInput{Name: aws.String(name), WithDecryption: aws.Bool(true)}
		out, err := a.secrets.GetParameter(ctx, in)
		if err != nil {
			return "", err
		}
		return doctor.KeyFault(variable, aws.ToString(out.Parameter.Value)), nil
	})
	return k, nil
}

func (a *Account) runs(ctx context.Context) doctor.Read[doctor.Runs] {
	account := read("lambda:GetAccountSettings", func() (*lambda.GetAccountSettingsOutput, error) {
		return a.functions.GetAccountSettings(ctx, &lambda.GetAccountSettingsInput{})
	})
	if account.Unread != nil {
		return doctor.Read[doctor.Runs]{Unread: account.Unread}
	}
	return read("lambda:GetFunctionConcurrency", func() (doctor.Runs, error) {
		in := &lambda.GetFunctionConcurrencyInput{FunctionName: aws.String(a.Stack.Function("inbound"))}
		kept, err := a.functions.GetFunctionConcurrency(ctx, in)
		if _, none := errors.AsType[*lambdatypes.ResourceNotFoundException](err); none {
			kept, err = &lambda.GetFunctionConcurrencyOutput{}, nil
		}
		if err != nil {
			return doctor.Runs{}, err
		}
		limit := account.Is.AccountLimit
		r := doctor.Runs{
			Account: int(limit.ConcurrentExecutions), Inbound: int(aws.ToInt32(kept.ReservedConcurrentExecutions)),
		}
		if r.Left = r.Account; limit.UnreservedConcurrentExecutions != nil {
			r.Left = int(*limit.UnreservedConcurrentExecutions)
		}
		return r, nil
	})
}

func (a *Account) subscriptions(ctx context.Context, topic string) doctor.Subscriptions {
	return read("sns:ListSubscriptionsByTopic", func() ([]string, error) { return a.endpoints(ctx, topic) })
}

func (a *Account) endpoints(ctx context.Context, topic string) (all []string, err error) {
	in := &sns.ListSubscriptionsByTopicInput{TopicArn: aws.String(topic)}
	pages := sns.NewListSubscriptionsByTopicPaginator(a.topics, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if fault, ok := errors.AsType[smithy.APIError](err); ok && strings.HasPrefix(fault.ErrorCode(), "NotFound") {
			return nil, nil // a missing topic has no subscribers
		}
		if err != nil {
			return nil, err
		}
		for _, s := range page.Subscriptions {
			if aws.ToString(s.SubscriptionArn) != "PendingConfirmation" {
				all = append(all, aws.ToString(s.Endpoint))
			}
		}
	}
	return all, nil
}

// try asks AWS whether it would take a text of a program to its simulator.
func (a *Account) try(ctx context.Context, b *program.Brand, p *program.Program) (doctor.Try, error) {
	t := doctor.Try{To: doctor.Simulator(b.Region)}
	if t.To == "" {
		return t, nil
	}
	refused, err := outbox.WouldTake(ctx, a.config, a.ConfigurationSet(), phone.Number(t.To), p)
	t.Refused = refused
	return t, err
}
