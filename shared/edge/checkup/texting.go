package checkup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	sms "github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2"
	"github.com/aws/aws-sdk-go-v2/service/pinpointsmsvoicev2/types"

	"smsconsent/shared/core/doctor"
)

// texting reads everything about AWS End User Messaging SMS.
func (a *Account) texting(ctx context.Context, seen *doctor.Seen) {
	seen.Numbers = read("sms-voice:DescribePhoneNumbers", func() ([]doctor.Identity, error) { return a.numbers(ctx) })
	seen.Pools = read("sms-voice:DescribePools", func() ([]doctor.Identity, error) { return a.pools(ctx) })
	seen.Lists = read("sms-voice:DescribeOptOutLists", func() ([]string, error) { return a.lists(ctx) })
	protect := ""
	seen.Set = read("sms-voice:DescribeConfigurationSets", func() (s *doctor.Set, err error) {
		s, err = a.set(ctx)
		if s != nil {
			protect = s.Protect
		}
		return s, err
	})
	seen.Protect = a.protect(ctx, protect)
	seen.Spending = read("sms-voice:DescribeSpendLimits", func() (doctor.Spending, error) { return a.spending(ctx) })
	seen.Tier = read("sms-voice:DescribeAccountAttributes", func() (string, error) { return a.tier(ctx) })
	seen.Quotas = read("sms-voice:DescribeAccountLimits", func() ([]doctor.Quota, error) { return a.quotas(ctx) })
}

func (a *Account) numbers(ctx context.Context) (all []doctor.Identity, err error) {
	pages := sms.NewDescribePhoneNumbersPaginator(a.sms, &sms.DescribePhoneNumbersInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, n := range page.PhoneNumbers {
			if n.Status == types.NumberStatusDeleted {
				continue
			}
			all = append(all, doctor.Identity{
				ID: aws.ToString(n.PhoneNumberId), Phone: aws.ToString(n.PhoneNumber), Type: string(n.NumberType),
				Country: aws.ToString(n.IsoCountryCode), Status: string(n.Status), MessageType: string(n.MessageType),
				TwoWay: n.TwoWayEnabled, TwoWayTo: aws.ToString(n.TwoWayChannelArn), SelfManaged: n.SelfManagedOptOutsEnabled,
				List: doctor.Name(aws.ToString(n.OptOutListName)), Pool: aws.ToString(n.PoolId),
				International: n.InternationalSendingEnabled,
			})
		}
	}
	return all, nil
}

func (a *Account) pools(ctx context.Context) (all []doctor.Identity, err error) {
	pages := sms.NewDescribePoolsPaginator(a.sms, &sms.DescribePoolsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, p := range page.Pools {
			id := aws.ToString(p.PoolId)
			all = append(all, doctor.Identity{
				ID: id, Status: string(p.Status), MessageType: string(p.MessageType), TwoWay: p.TwoWayEnabled,
				TwoWayTo: aws.ToString(p.TwoWayChannelArn), SelfManaged: p.SelfManagedOptOutsEnabled,
				List: doctor.Name(aws.ToString(p.OptOutListName)),
				Members: read("sms-voice:ListPoolOriginationIdentities", func() ([]string, error) {
					return a.members(ctx, id)
				}),
			})
		}
	}
	return all, nil
}

func (a *Account) members(ctx context.Context, pool string) (all []string, err error) {
	in := &sms.ListPoolOriginationIdentitiesInput{PoolId: aws.String(pool)}
	pages := sms.NewListPoolOriginationIdentitiesPaginator(a.sms, in)
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, o := range page.OriginationIdentities {
			all = append(all, cmp.Or(aws.ToString(o.PhoneNumber), aws.ToString(o.OriginationIdentity)))
		}
	}
	return all, nil
}

func (a *Account) lists(ctx context.Context) (all []string, err error) {
	pages := sms.NewDescribeOptOutListsPaginator(a.sms, &sms.DescribeOptOutListsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, l := range page.OptOutLists {
			all = append(all, aws.ToString(l.OptOutListName))
		}
	}
	return all, nil
}

// set reads the stack's configuration set, nil where there is none.
func (a *Account) set(ctx context.Context) (*doctor.Set, error) {
	in := &sms.DescribeConfigurationSetsInput{ConfigurationSetNames: []string{a.ConfigurationSet()}}
	out, err := a.sms.DescribeConfigurationSets(ctx, in)
	if _, none := errors.AsType[*types.ResourceNotFoundException](err); none {
		return nil, nil //nolint:nilnil // nil tells doctor that there is none
	}
	if err != nil || len(out.ConfigurationSets) == 0 {
		return nil, err
	}
	from := out.ConfigurationSets[0]
	s := &doctor.Set{Protect: aws.ToString(from.ProtectConfigurationId)}
	for _, d := range from.EventDestinations {
		to := doctor.Destination{Name: aws.ToString(d.EventDestinationName), Enabled: aws.ToBool(d.Enabled)}
		if d.SnsDestination != nil {
			to.Topic = aws.ToString(d.SnsDestination.TopicArn)
		}
		for _, e := range d.MatchingEventTypes {
			to.Events = append(to.Events, string(e))
		}
		s.Destinations = append(s.Destinations, to)
	}
	return s, nil
}

// protect reads the Protect configuration in force: that of the configuration set or, where it has none, the
// account's.
func (a *Account) protect(ctx context.Context, id string) doctor.Read[doctor.Protect] {
	if id == "" {
		found := read("sms-voice:DescribeProtectConfigurations", func() (string, error) {
			pages := sms.NewDescribeProtectConfigurationsPaginator(a.sms, &sms.DescribeProtectConfigurationsInput{})
			for pages.HasMorePages() {
				page, err := pages.NextPage(ctx)
				if err != nil {
					return "", err
				}
				for _, p := range page.ProtectConfigurations {
					if p.AccountDefault {
						return aws.ToString(p.ProtectConfigurationId), nil
					}
				}
			}
			return "", nil
		})
		if id = found.Is; id == "" {
			return doctor.Read[doctor.Protect]{Unread: found.Unread}
		}
	}
	return read("sms-voice:GetProtectConfigurationCountryRuleSet", func() (doctor.Protect, error) {
		out, err := a.sms.GetProtectConfigurationCountryRuleSet(ctx, &sms.GetProtectConfigurationCountryRuleSetInput{
			ProtectConfigurationId: aws.String(id), NumberCapability: types.NumberCapabilitySms,
		})
		if err != nil {
			return doctor.Protect{}, err
		}
		p := doctor.Protect{ID: id}
		for _, country := range slices.Sorted(maps.Keys(out.CountryRuleSet)) {
			if out.CountryRuleSet[country].ProtectStatus == types.ProtectStatusBlock {
				p.Blocked = append(p.Blocked, country)
			} else {
				p.Allowed = append(p.Allowed, country)
			}
		}
		return p, nil
	})
}

func (a *Account) spending(ctx context.Context) (doctor.Spending, error) {
	pages := sms.NewDescribeSpendLimitsPaginator(a.sms, &sms.DescribeSpendLimitsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return doctor.Spending{}, err
		}
		for _, l := range page.SpendLimits {
			if l.Name == types.SpendLimitNameTextMessageMonthlySpendLimit {
				return doctor.Spending{Enforced: l.EnforcedLimit, Most: l.MaxLimit}, nil
			}
		}
	}
	return doctor.Spending{}, nil
}

func (a *Account) tier(ctx context.Context) (string, error) {
	pages := sms.NewDescribeAccountAttributesPaginator(a.sms, &sms.DescribeAccountAttributesInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", err
		}
		for _, at := range page.AccountAttributes {
			if at.Name == types.AccountAttributeNameAccountTier {
				return aws.ToString(at.Value), nil
			}
		}
	}
	return "", nil
}

func (a *Account) quotas(ctx context.Context) (all []doctor.Quota, err error) {
	pages := sms.NewDescribeAccountLimitsPaginator(a.sms, &sms.DescribeAccountLimitsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, l := range page.AccountLimits {
			all = append(all, doctor.Quota{Name: string(l.Name), Used: l.Used, Max: l.Max})
		}
	}
	return all, nil
}

// Mend carries out a remedy. The error begins with the equivalent command of the AWS CLI.
func (a *Account) Mend(ctx context.Context, r doctor.Remedy) (err error) {
	switch r := r.(type) {
	case doctor.MakeList:
		_, err = a.sms.CreateOptOutList(ctx, &sms.CreateOptOutListInput{OptOutListName: aws.String(r.Name)})
	case doctor.MakeSet:
		_, err = a.sms.CreateConfigurationSet(ctx, &sms.CreateConfigurationSetInput{ConfigurationSetName: aws.String(r.Name)})
	case doctor.Update:
		err = a.update(ctx, r)
	case doctor.Tell:
		err = a.tell(ctx, r)
	default:
		return fmt.Errorf("nobody knows how to do %T", r)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", r.Command(), err)
	}
	return nil
}

func (a *Account) update(ctx context.Context, r doctor.Update) (err error) {
	// AWS leaves nil fields as they are.
	var two, self *bool
	var topic, list *string
	if r.TwoWayTo != "" {
		two, topic = aws.Bool(true), aws.String(r.TwoWayTo)
	}
	if r.SelfManaged {
		self = aws.Bool(true)
	}
	if r.List != "" {
		list = aws.String(r.List)
	}
	if r.Pool {
		_, err = a.sms.UpdatePool(ctx, &sms.UpdatePoolInput{
			PoolId: aws.String(r.ID), TwoWayEnabled: two, TwoWayChannelArn: topic,
			SelfManagedOptOutsEnabled: self, OptOutListName: list,
		})
		return err
	}
	_, err = a.sms.UpdatePhoneNumber(ctx, &sms.UpdatePhoneNumberInput{
		PhoneNumberId: aws.String(r.ID), TwoWayEnabled: two, TwoWayChannelArn: topic,
		SelfManagedOptOutsEnabled: self, OptOutListName: list,
	})
	return err
}

func (a *Account) tell(ctx context.Context, r doctor.Tell) (err error) {
	kinds := make([]types.EventType, len(r.Events))
	for i, e := range r.Events {
		kinds[i] = types.EventType(e)
	}
	to := &types.SnsDestination{TopicArn: aws.String(r.Topic)}
	if r.New {
		_, err = a.sms.CreateEventDestination(ctx, &sms.CreateEventDestinationInput{
			ConfigurationSetName: aws.String(r.Set), EventDestinationName: aws.String(r.Name),
			MatchingEventTypes: kinds, SnsDestination: to,
		})
		return err
	}
	_, err = a.sms.UpdateEventDestination(ctx, &sms.UpdateEventDestinationInput{
		ConfigurationSetName: aws.String(r.Set), EventDestinationName: aws.String(r.Name), Enabled: aws.Bool(true),
		MatchingEventTypes: kinds, SnsDestination: to,
	})
	return err
}
